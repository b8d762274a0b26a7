"""References to what has no page: words without a link, and a warning only if there is no such thing."""

import re
from importlib import import_module
from pathlib import Path

from docutils.nodes import Element, TextElement
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("missing-reference", _without_page)
    app.connect("source-read", _without_links_outside)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _without_page(
    _app: Sphinx, _environment: BuildEnvironment, node: pending_xref, shown: TextElement
) -> Element | None:
    return shown if node.get("refdomain") == "py" and _exists(node["reftarget"]) else None


def _without_links_outside(app: Sphinx, page: str, source: list[str]) -> None:
    """Links to files of the repository that the site does not have, such as the README, as their words alone."""
    site = Path(app.srcdir)

    def shown(link: re.Match[str]) -> str:
        target = (site / page).parent.joinpath(link["file"]).resolve()
        return link["words"] if target.is_file() and not target.is_relative_to(site) else link[0]

    source[0] = re.sub(r"\[(?P<words>[^\]]+)\]\((?P<file>\.\./[^)#\s]+)[^)]*\)", shown, source[0])


def _exists(name: str) -> bool:
    """Whether a dotted name is a module of this package, or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 1, -1):
        try:
            found: object = import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            found = getattr(found, part, None)
        return found is not None
    return False
