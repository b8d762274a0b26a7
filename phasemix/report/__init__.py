"""The report: self-contained HTML pages."""

from pathlib import Path

PAGE, PUBLISHED_PAGE, STYLE = (Path(__file__).with_name(name) for name in ("page.html", "published.html", "page.css"))
