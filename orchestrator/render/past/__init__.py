"""What all runs together say: the list of them, a claim's history, compatibility."""
