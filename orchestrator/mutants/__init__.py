"""Kernels with one promise broken on purpose, and whether the claims notice."""
