"""The report page: the sections of all experiments under one navigation, the ledger, provenance and cost.

One HTML file with everything inside (styles, figures as SVG), made from the sections, the ledger and facts alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from phasemix.base.files import read_json
from phasemix.claims.claim import TOO_SMALL, VERDICTS
from phasemix.report.templates import PAGE, fill

NO_VERDICT = VERDICTS[-1]


@dataclass
class Heading:
    """A heading of a section that can be linked to: its level, its anchor, its text."""

    level: int
    anchor: str
    text: str = ""


@dataclass(frozen=True)
class SectionView:
    """An experiment on the page: its section as HTML, its headings, its facts (None: it trained nothing)."""

    experiment: str
    html: Markup
    headings: list[Heading]
    facts: dict[str, Any] | None


@dataclass
class _Headings(HTMLParser):
    """Reads the headings of a section."""

    found: list[Heading] = field(default_factory=list)
    _open: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        anchor = dict(attrs).get("id")
        if tag in {"h2", "h3"} and anchor:
            self.found.append(Heading(int(tag[1]), anchor))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"h2", "h3"}:
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1].text += data


def headings(html: str) -> list[Heading]:
    """The headings h2 and h3 of a section that have an anchor."""
    reader = _Headings()
    reader.feed(html)
    return reader.found


def render(scale: str, experiments: Sequence[str], *, sections: Path, tables: Path, ledger: Path) -> str:
    """The page as HTML text.

    Args:
        scale: the name of the study.
        experiments: their names, in the order of the page.
        sections: the folder of their sections.
        tables: the folder of their tables, where ``<experiment>/facts.json`` is read.
        ledger: the ledger of claims, a CSV.
    """
    views = []
    for name in experiments:
        html = (sections / f"{name}.html").read_text(encoding="utf-8")
        facts = tables / name / "facts.json"
        views.append(
            SectionView(name, Markup(html), headings(html), read_json(facts) if facts.exists() else None)  # noqa: S704 (our own file)
        )
    claims = pd.read_csv(ledger, keep_default_na=False).to_dict("records")
    by_verdict = {verdict: [claim for claim in claims if claim["verdict"] == verdict] for verdict in VERDICTS}
    return fill(
        PAGE,
        scale=scale,
        sections=views,
        facts=[view.facts for view in views if view.facts],
        claims=claims,
        by_verdict=by_verdict,
        tested=[claim for claim in claims if claim["verdict"] != NO_VERDICT],
        undecided=[claim for claim in by_verdict[NO_VERDICT] if undecided(claim)],
        untested=[claim for claim in by_verdict[NO_VERDICT] if not undecided(claim)],
    )


def undecided(claim: Mapping[Any, Any]) -> bool:
    """Whether a claim that is not tested was measured all the same."""
    return bool(claim["experiments"]) and claim["measured"] != TOO_SMALL.measured
