"""Pythia's architecture at any size, its kernels, what it computes for a token."""
