"""The figures of a study of numbers of people: a module each, with ``draw(tables) -> Figure``, and its caption."""
