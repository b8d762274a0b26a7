"""Paper B's study: its law fitted on the entropy mixtures, and asked about later steps and other mixtures."""
