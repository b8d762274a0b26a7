"""The transition in tasks of reasoning: problems with worked answers, embedded in a second corpus (A-Fig 5, 12)."""
