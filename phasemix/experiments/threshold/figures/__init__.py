"""The figures of a study of thresholds: a module each, with ``draw(tables) -> Figure``, and its caption beside it."""
