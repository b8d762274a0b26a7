"""The figures of a test of the popularity estimator: a module each, with ``draw(tables)``, and its caption."""
