"""HTML from templates: texts with their values filled in."""

import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

FOLDER = Path(__file__).parent
PAGE, SECTION, CHOSEN, STYLE = (FOLDER / name for name in ("page.html", "section.html", "chosen.html", "page.css"))


def fill(template: Path, **values: Any) -> str:
    """A template with its values, as HTML text.

    It finds templates of its own folder and of this one. ``thousands`` and ``ratio`` write numbers, ``any_of`` a value
    or several, ``typeset`` sets texts as print does, ``slug`` makes the name of an anchor of any text.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([template.parent, FOLDER]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"thousands": "{:,}".format, "ratio": "{:g}".format, "any_of": any_of}
    environment.filters |= {"typeset": typeset, "slug": slug}
    return environment.get_template(template.name).render(style=Markup(STYLE.read_text(encoding="utf-8")), **values)  # noqa: S704 (our own file)


def any_of(value: Any) -> str:
    """A value, or the values of a list with "or" between them."""
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def typeset(text: str) -> str:
    """A text with the apostrophes of print, and no line break between a number and its per cent or in an interval."""
    return re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", text.replace("'", "’").replace(" %", "\u00a0%"))


def slug(text: str) -> str:
    """A text as the name of an anchor: its letters and digits in lower case, hyphens between."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())
