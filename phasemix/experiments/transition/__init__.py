"""Transition studies (A-Fig 1, 2, 10; A-Tables 1, 2): accuracy over model sizes and mixing ratios."""
