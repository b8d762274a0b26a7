"""Plain text: documentation of installed packages, hub datasets, the user's files."""
