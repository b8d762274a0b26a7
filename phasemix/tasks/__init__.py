"""Sources of training text, each with what it can be asked: a folder a task."""
