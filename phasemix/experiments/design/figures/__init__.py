"""The figures of a designed set: a module each, with ``draw(tables)``, and its caption."""
