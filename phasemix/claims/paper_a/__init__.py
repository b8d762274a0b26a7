"""What paper A (arXiv 2505.18091) claims, a file per claim."""
