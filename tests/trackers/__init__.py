"""Trackers of experiments, each with its package, offline: make test-extras."""
