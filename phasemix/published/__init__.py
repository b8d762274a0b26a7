"""Training runs that others published, brought into the format of runs, and laws compared on them."""
