"""The figures of a study of PopQA: a module each, with ``draw(tables)``, and its caption."""
