"""Kinds of experiment, a folder each (:mod:`phasemix.experiments.experiment` says what stands in one)."""
