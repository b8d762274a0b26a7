"""The figures of a study of strategies: a module each, with ``draw(tables)``, and its caption."""
