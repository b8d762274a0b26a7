"""The figures of a test of the law that sees the cliff: a module each, with ``draw(tables)``, and its caption."""
