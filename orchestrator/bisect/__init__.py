"""Which kernel, and which commit, changed the answer to one claim."""
