"""The report: self-contained HTML pages, a template each, upon one base."""

from pathlib import Path
from typing import Any

import jinja2

BASE, PAGE, PUBLISHED_PAGE, STYLE = (
    Path(__file__).with_name(name) for name in ("base.html", "page.html", "published.html", "page.css")
)


def fill(template: Path, **values: Any) -> str:
    """A template with its values, as HTML text; ``thousands`` and ``ratio`` write numbers."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {"thousands": "{:,}".format, "ratio": "{:g}".format}
    return environment.get_template(template.name).render(style=STYLE.read_text(encoding="utf-8"), **values)
