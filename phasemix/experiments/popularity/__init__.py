"""Sizes of our own models, inferred from how frequent the facts are that they know (A-Fig 7c, 13; Algorithm 1)."""
