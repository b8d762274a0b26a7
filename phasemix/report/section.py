"""The section of one experiment: a fragment of HTML, from its tables and figures alone.

A kind's ``section.py`` has ``values(tables, options)``, which reads the experiment's folder of tables and returns what
``section.html`` beside it needs; a kind without a template has the one of this folder. To these are added
``experiment``, ``options``, ``facts`` (of ``facts.json``; None for an experiment that trained nothing), ``tables``
(their names), ``figures`` (:class:`FigureView` by name, in natural order) and ``captions``, the kind's other ``.rst``
files as HTML by name. A section ends with what was chosen after looking, if the configuration says that.
"""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils.core import publish_parts
from markupsafe import Markup

from phasemix.base.files import read_json
from phasemix.base.spelling import natural
from phasemix.experiments.experiment import KINDS_FOLDER, module_of
from phasemix.experiments.experiment import figures as titles_of
from phasemix.report.templates import CHOSEN, SECTION, fill


@dataclass(frozen=True)
class FigureView:
    """A figure as the page shows it; ``source`` is a data URI."""

    name: str
    title: str
    caption: Markup
    source: str


def section(
    kind: str,
    experiment: str,
    *,
    tables: Path,
    figures: Collection[Path],
    options: Mapping[str, Any],
    chosen: str | None = None,
) -> str:
    """The section as HTML text.

    Args:
        kind: of the experiment.
        experiment: its name, which begins the names of the section's anchors.
        tables: the folder of its tables.
        figures: its figures, as SVG.
        options: what its tables depend on beside its cells.
        chosen: which of its settings were chosen after looking at results, if the configuration says that.
    """
    folder = KINDS_FOLDER / kind
    facts = tables / "facts.json"
    values = module_of(kind, "section")
    template = folder / "section.html"
    written = fill(
        template if template.is_file() else SECTION,
        experiment=experiment,
        options=options,
        facts=read_json(facts) if facts.exists() else None,
        figures=figure_views(kind, figures),
        captions={path.stem: caption(path) for path in folder.glob("*.rst")},
        tables=sorted(path.name for path in tables.glob("*")),
        **(import_module(values).values(tables, options) if values else {}),
    )
    return written + (fill(CHOSEN, experiment=experiment, chosen=chosen) if chosen else "")


def figure_views(kind: str, drawn: Collection[Path]) -> dict[str, FigureView]:
    """The figures of a kind that were drawn, by name in natural order."""
    texts, titles = KINDS_FOLDER / kind / "figures", titles_of(kind)
    return {
        svg.stem: FigureView(svg.stem, titles[svg.stem], caption(texts / f"{svg.stem}.rst"), _data_uri(svg))
        for svg in sorted(drawn, key=lambda path: natural(path.stem))
    }


def caption(path: Path) -> Markup:
    """A caption in reStructuredText as HTML."""
    settings = {"report_level": 2, "halt_level": 2, "smart_quotes": True}
    parts = publish_parts(path.read_text(encoding="utf-8"), writer="html5", settings_overrides=settings)
    return Markup(parts["fragment"])  # noqa: S704 (our own file)


def _data_uri(svg: Path) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.read_bytes()).decode()
