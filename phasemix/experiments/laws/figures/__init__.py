"""The figures of mixing laws on a table of runs: a module each, with ``draw(folder) -> Figure``, and its caption."""
