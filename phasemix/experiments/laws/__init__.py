"""Mixing laws on a table of runs: compared, fitted, optimised."""
