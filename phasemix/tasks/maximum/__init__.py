"""The maximum of N whole numbers (paper A, A-Fig 12)."""
