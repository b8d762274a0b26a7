"""The figures of a study of domains: a module each, with ``draw(tables)``, and its caption."""
