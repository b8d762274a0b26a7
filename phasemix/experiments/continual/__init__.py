"""Continual training on facts, from weights of web text: fewer people or compact tuples (A-Fig 8b, c, 14b, c)."""
