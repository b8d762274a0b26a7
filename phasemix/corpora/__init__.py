"""Corpora: web text, synthetic biographies, the tokenizer, and their mixture."""
