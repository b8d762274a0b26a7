"""Domains of text: what each holds, how much they share, their entropies, and the mixtures that follow from these."""
