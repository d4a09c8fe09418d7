"""Nights: what changed since the last one, and who did it."""
