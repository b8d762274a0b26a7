"""Analyses that several kinds of experiment share."""
