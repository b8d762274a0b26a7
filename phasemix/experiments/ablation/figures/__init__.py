"""The figures of an ablation: a module each, with ``draw(tables)``, and its caption."""
