"""phasemix: the laws of mixing pre-training data, measured.

The science of two papers, importable and free of Snakemake:

- **A**: "Data Mixing Can Induce Phase Transitions in Knowledge Acquisition" (arXiv 2505.18091)
- **B**: "BiMix: Bivariate Data Mixing Law for Language Model Pretraining" (arXiv 2405.14908)

References such as ``A-Fig 2`` or ``B-Table 1`` name a figure or table of these papers.
"""
