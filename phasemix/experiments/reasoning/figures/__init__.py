"""The figures of a study of reasoning: a module each, with ``draw(tables)``, and its caption."""
