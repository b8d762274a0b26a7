"""The report: self-contained HTML pages and the sections that they are joined from; the look of figures."""
