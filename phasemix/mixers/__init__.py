"""Mixers: how the proportions of a mixture are chosen. Here stand those that steer a run on the way."""
