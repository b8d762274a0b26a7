"""Measures of domains, the sources of training text: entropies of tokens and of embeddings, and shared text."""
