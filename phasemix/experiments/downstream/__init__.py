"""General abilities: the models of other experiments on downstream tasks (A-Tables 3–5, B-Fig 4, 6, 7)."""
