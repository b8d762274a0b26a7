"""The figures of a study of horizons: a module each, with ``draw(tables) -> Figure``, and its caption beside it."""
