"""The figures of paper B's study: a module each, with ``draw(tables)``, and its caption."""
