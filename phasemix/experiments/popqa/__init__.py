"""PopQA put to language models, and their sizes inferred from what they know (A-Fig 7c, 13; Algorithm 1)."""
