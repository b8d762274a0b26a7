"""The figures of a test of the theory: a module each, with ``draw(tables) -> Figure``, and its caption beside it."""
