"""The kept results as pages: the verdict on every claim, the runs behind them, and all figures."""

import re
from pathlib import Path

import pandas as pd

from docs.extensions.pieces import table
from phasemix.base.files import read_json
from phasemix.base.spelling import natural
from phasemix.claims.claim import VERDICTS
from phasemix.experiments.experiment import figures as titles_of
from phasemix.reference.keep import index

COLOURS: dict[str, str] = dict(zip(VERDICTS, ("success", "warning", "danger", "secondary"), strict=True))
PAPERS = {"A": "Paper A: transitions in knowledge acquisition", "B": "Paper B: BiMix, and mixing laws"}
COLUMNS = {
    "published": "Published",
    "measured": "Measured",
    "criterion": "Rule of the verdict",
    "history": "History of the rule",
    "experiments": "Experiments",
}
"""Of the ledger, what is told of a claim beside its statement."""


def verdicts(kept: Path) -> str:
    """How many claims of each paper have which verdict."""
    ledger = _ledger(kept)
    rows = []
    for paper, words in PAPERS.items():
        found = ledger.loc[ledger["id"].str.startswith(paper), "verdict"]
        rows.append([words, *(str((found == verdict).sum()) for verdict in VERDICTS)])
    return table(["", *map(_badge, VERDICTS)], rows)


def claims(kept: Path) -> str:
    """Every claim, by paper: its verdict and statement, and, unfolded, all that the ledger says of it."""
    lines = []
    for paper, words in PAPERS.items():
        lines += [f"## {words}", ""]
        for claim in _ledger(kept).to_dict("records"):
            if claim["id"].startswith(paper):
                told = [f"{words}\n: {claim[name]}\n" for name, words in COLUMNS.items() if claim[name]]
                lines += [f":::{{dropdown}} {_badge(claim['verdict'])} {claim['id']}: {claim['statement']}"]
                lines += [*told, ":::", ""]
    return "\n".join(lines)


def runs(kept: Path) -> str:
    """What was run, by which code, on which machine, and how long it took: the table of the folder's own page."""
    own = re.search(r"^\| experiment .*?\n\n", index(kept), re.DOTALL | re.MULTILINE)
    assert own is not None
    return re.sub(r"\[(\w+)\]\(\1\)", r"`\1`", own[0])


def figures(kept: Path) -> str:
    """The figures of every experiment, with their titles."""
    lines = []
    for file in sorted(kept.glob("*/run.json")):
        experiment, kind = file.parent.name, read_json(file)["kind"]
        pictures = sorted(file.parent.glob("figures/*.svg"), key=lambda picture: natural(picture.stem))
        lines += [f"## `{experiment}`", ""] if pictures else []
        for picture in pictures:
            title, source = titles_of(kind).get(picture.stem, picture.stem), picture.relative_to(kept.parent)
            lines += [f":::{{figure}} {source}", f":alt: {title}", ":loading: lazy", "", f"{title}.", ":::", ""]
    return "\n".join(lines)


def _badge(verdict: str) -> str:
    return f"{{bdg-{COLOURS[verdict]}}}`{verdict}`"


def _ledger(kept: Path) -> pd.DataFrame:
    return pd.read_csv(kept / "ledger.csv", keep_default_na=False)
