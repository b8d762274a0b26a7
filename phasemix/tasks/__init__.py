"""Sources of training text, each with what it can be asked: one folder per task."""
