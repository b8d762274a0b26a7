"""Figures of a contest of mixers."""
