"""The figures of the meeting of the two papers: a module each, with ``draw(tables)``, and its caption."""
