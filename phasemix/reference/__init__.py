"""Reference results: what the last full run of an experiment left, kept in ``docs/results``, and how others compare."""
