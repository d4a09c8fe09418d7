"""One cell of the matrix as a directory that shows it again without the lab."""
