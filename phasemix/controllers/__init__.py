"""Controllers: what steers the mixture of a run on the way, one file each."""
