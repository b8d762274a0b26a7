"""Studies of the threshold frequency (A-Fig 7a, 7b): how often a fact must be shown for a size to learn it."""
