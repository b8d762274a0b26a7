"""The report: one self-contained HTML page."""

from pathlib import Path

PAGE, STYLE = (Path(__file__).with_name(name) for name in ("page.html", "page.css"))
