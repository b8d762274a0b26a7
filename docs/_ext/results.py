"""The kept results as pages: the verdict on every claim, the runs behind them, and all figures."""

import re
from pathlib import Path

import pandas as pd
from markdown import table

from phasemix.base.files import read_json
from phasemix.base.spelling import natural
from phasemix.claims.claim import VERDICTS
from phasemix.experiments.experiment import figures as titles_of
from phasemix.reference.keep import index

COLOURS = dict(zip(VERDICTS, ("success", "warning", "danger", "secondary"), strict=True))
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
    counts = pd.crosstab(ledger["id"].str[0], ledger["verdict"]).reindex(columns=VERDICTS, fill_value=0)
    badges = [f"{{bdg-{COLOURS[verdict]}}}`{verdict}`" for verdict in VERDICTS]
    return table(["", *badges], [[PAPERS[paper], *map(str, row)] for paper, row in counts.iterrows()])


def claims(kept: Path) -> str:
    """Every claim, by paper: its verdict and statement, and, unfolded, all that the ledger says of it."""
    lines = []
    for paper, of_paper in _ledger(kept).groupby(lambda row: _ledger(kept)["id"].iloc[row][0]):
        lines += [f"## {PAPERS[paper]}", ""]
        for claim in of_paper.to_dict("records"):
            badge = f"{{bdg-{COLOURS[claim['verdict']]}}}`{claim['verdict']}`"
            told = {words: claim[name] for name, words in COLUMNS.items() if claim[name]}
            lines += [f":::{{dropdown}} {badge} {claim['id']}: {claim['statement']}"]
            lines += [f"{words}\n: {text}\n" for words, text in told.items()] + [":::", ""]
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


def _ledger(kept: Path) -> pd.DataFrame:
    return pd.read_csv(kept / "ledger.csv", keep_default_na=False)
