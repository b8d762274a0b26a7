"""The configuration of a study: one typed schema, checked whole, mistakes in one line."""
