"""The sizes of models, inferred from how popular a fact must be for them to know it (paper A, A-Fig 7c and 13)."""
