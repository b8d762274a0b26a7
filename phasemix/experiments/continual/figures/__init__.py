"""The figures of a study of continual training: a module each, with ``draw(tables)``, and its caption."""
