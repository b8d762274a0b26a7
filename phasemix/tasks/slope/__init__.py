"""The slope of the line through two points (paper A, A-Fig 5)."""
