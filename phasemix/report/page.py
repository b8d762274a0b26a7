"""The report page: what was run, figures, tables, the ledger of claims, provenance and cost.

One HTML file with everything inside (styles, figures as SVG), made from tables and figures alone.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
from docutils.core import publish_parts

from phasemix.analysis.claims import Verdict
from phasemix.analysis.published import A_TABLE_1
from phasemix.base.files import read_json
from phasemix.base.spelling import critical_ratio_text, interval_text, parameters_text
from phasemix.figures import CAPTIONS, TITLES
from phasemix.report import PAGE, fill

VERDICTS = get_args(Verdict)


@dataclass(frozen=True)
class Section:
    """One experiment of the report: its tables as read, its figures by name as SVG text."""

    experiment: str
    dataset: str
    transition: pd.DataFrame
    critical: pd.DataFrame
    a_table_1: pd.DataFrame
    a_table_2: pd.DataFrame
    ledger: pd.DataFrame
    facts: dict[str, Any]
    figures: dict[str, str]

    @classmethod
    def read(cls, experiment: str, dataset: str, *, tables: Path, figures: Path) -> "Section":
        """Read an experiment from its tables folder and its figures folder."""

        def table(name: str) -> pd.DataFrame:
            return pd.read_csv(tables / f"{experiment}{name}.csv")

        return cls(
            experiment=experiment,
            dataset=dataset,
            transition=table(""),
            critical=table(".critical"),
            a_table_1=table(".a_table_1"),
            a_table_2=table(".a_table_2"),
            ledger=table(".ledger").fillna(""),
            facts=read_json(tables / f"{experiment}.facts.json"),
            figures={name: (figures / f"{name}.svg").read_text(encoding="utf-8") for name in TITLES},
        )

    @property
    def sizes(self) -> pd.DataFrame:
        """The sizes with their parameters, smallest first."""
        return self.transition[["size", "parameters"]].drop_duplicates().sort_values("parameters")

    @property
    def left_out(self) -> list[str]:
        """The cells that diverged, which no fit or mean includes."""
        lost = self.transition[self.transition["diverged"]]
        return [f"{cell.size} at r = {cell.ratio:g}, seed {cell.seed}" for cell in lost.itertuples(index=False)]

    @property
    def verdicts(self) -> dict[str, int]:
        """How many claims have each verdict."""
        counts = self.ledger["verdict"].value_counts()
        return {verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS}

    def critical_rows(self, kind: str) -> list[tuple[str, ...]]:
        """Critical points of one kind, spelled out: where, value, interval, seeds, cells left out."""
        rows = self.critical[self.critical["kind"] == kind].fillna({"left_out": ""})
        where = rows["size"] if kind == "ratio" else rows["ratio"].map("{:g}".format)
        spell = critical_ratio_text if kind == "ratio" else parameters_text
        interval = [interval_text(low, high, spell) for low, high in rows[["low", "high"]].to_numpy(float)]
        seeds = rows["seeds"].astype(str)
        return list(zip(where, rows["value"].map(spell), interval, seeds, rows["left_out"], strict=True))

    @property
    def table_1(self) -> pd.DataFrame:
        """A-Table 1 for the page: ``mean (sd)`` in per cent, sizes as rows, ratios as columns, the paper's row last."""
        paper = A_TABLE_1.assign(size="paper A: 70M")
        both = pd.concat([self.a_table_1, paper], ignore_index=True)
        both["cell"] = [_mean_sd(mean, sd) for mean, sd in both[["accuracy_percent", "sd"]].to_numpy(float)]
        wide = both.pivot_table(index="size", columns="ratio", values="cell", aggfunc="first")
        return wide.reindex([*self.sizes["size"], "paper A: 70M"]).fillna("")


@dataclass(frozen=True)
class HorizonSection:
    """An experiment with horizons: its table as read, and its facts."""

    experiment: str
    dataset: str
    table: pd.DataFrame
    facts: dict[str, Any]

    @classmethod
    def read(cls, experiment: str, dataset: str, *, tables: Path) -> "HorizonSection":
        """Read an experiment from its tables folder."""
        facts = read_json(tables / f"{experiment}.facts.json")
        return cls(experiment, dataset, pd.read_csv(tables / f"{experiment}.csv"), facts)

    @property
    def horizons(self) -> list[int]:
        """Tokens, rising."""
        return sorted(self.table["tokens"].unique().tolist())

    @property
    def rows(self) -> list[tuple[str, float, list[float | None]]]:
        """Size, ratio, and accuracy in per cent at every horizon, None where all seeds diverged."""
        by_cell = self.table.groupby(["parameters", "size", "ratio", "tokens"])["accuracy"].mean()
        means = by_cell.unstack("tokens")  # noqa: PD010 (pivot_table drops cells whose seeds all diverged)
        return [
            (size, ratio, [None if np.isnan(mean) else 100 * mean for mean in accuracies])
            for (_, size, ratio), accuracies in zip(means.index, means.to_numpy(), strict=True)
        ]


def render(scale: str, sections: list[Section], horizons: Sequence[HorizonSection] = ()) -> str:
    """The page as HTML text."""
    return fill(
        PAGE,
        scale=scale,
        sections=sections,
        horizons=horizons,
        captions={name: _html(path.read_text(encoding="utf-8")) for name, path in CAPTIONS.items()},
        titles=TITLES,
        verdicts=VERDICTS,
        data_uri=_data_uri,
    )


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _html(rst: str) -> str:
    return publish_parts(rst, writer="html5", settings_overrides={"report_level": 2, "halt_level": 2})["fragment"]


def _mean_sd(mean: float, sd: float) -> str:
    return f"{mean:.1f}" if np.isnan(sd) else f"{mean:.1f} ({sd:.1f})"
