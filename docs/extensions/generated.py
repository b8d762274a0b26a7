"""What pages take from the code and from the kept results, made when the site is built.

A page says where by a line such as ``<!-- generated: configuration -->``. The JSON schema of the configuration is
written beside the pages.
"""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx

from docs.extensions import command_line, configuration, results
from phasemix.base.files import write_json
from phasemix.study.editor_schema import editor_schema

KEPT = Path(__file__).parent.parent / "results/laptop"
PARTS: dict[str, Callable[[], str]] = {
    "configuration": configuration.page,
    "commands": command_line.page,
    "laws": command_line.laws,
    "mixers": command_line.mixers,
    "verdicts": partial(results.verdicts, KEPT),
    "claims": partial(results.claims, KEPT),
    "runs": partial(results.runs, KEPT),
    "figures": partial(results.figures, KEPT),
}
SCHEMA = "config.schema.json"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", _fill_in)
    app.connect("build-finished", _write_schema)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _fill_in(_app: Sphinx, _page: str, source: list[str]) -> None:
    source[0] = re.sub(r"^<!-- generated: (\w+) -->$", lambda found: PARTS[found[1]](), source[0], flags=re.MULTILINE)


def _write_schema(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        write_json(Path(app.outdir) / SCHEMA, editor_schema())
