"""The figures of a transition study: a module each, with ``draw(tables) -> Figure``, and its caption beside it."""
