"""What paper B (arXiv 2405.14908) claims, a file per claim."""
