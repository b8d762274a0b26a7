"""What the section of a study of horizons says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.analysis.horizon_laws import SIGNS, HeldOut
from phasemix.analysis.tokens_to_accuracy import TokensToAccuracy
from phasemix.base.number_text import estimate_text, number_text
from phasemix.base.spelling import parameters_text
from phasemix.experiments.horizon.published import EXTRAPOLATED, LAWS
from phasemix.experiments.horizon.tables import Tables
from phasemix.report.rows import exposures_rows, growth_rows, rows_of

FORMS = {"exponential": "A·exp(B/r)", "power": "C·r^−D", "linear": "a + b/r"}
BOUNDS = {"censored": "not reached by the longest horizon", "before": "reached by the shortest"}
UNKNOWN = "–"
FAR = 1e12  # tokens, from which on powers of ten are read more easily
PAPER = "paper A: 70M"


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "tokens": tables.tokens,
        "times": f"{tables.tokens[-1] / tables.budget:.3g}",
        "columns": [f"{tokens:,}" for tokens in tables.tokens],
        "rows": accuracy_rows(tables),
        "t_columns": [f"T at {100 * level:g} %" for level in tables.levels],
        "t_rows": t_rows(tables),
        "censored": censored(tables),
        "laws": [row for form in LAWS for row in law_rows(tables, form)],
        "published_laws": [[PAPER, "40 %", FORMS[form], *law.texts, law.ratios] for form, law in LAWS.items()],
        "lines": line_rows(tables),
        "left_out": left_out(tables),
        "held_out": held_out_rows(tables),
        "published_held_out": [[PAPER, "40 %", FORMS[form], f"{ratio:g}", text] for form, ratio, text in EXTRAPOLATED],
        "growth": growth_rows(tables.growth),
        "exposures": exposures_rows(tables.exposures),
    }


def accuracy_rows(tables: Tables) -> list[list[str]]:
    """Size, ratio, and accuracy in per cent at every horizon; a dash where no run is left."""
    by_cell = tables.accuracies.set_index(["parameters", "size", "ratio", "tokens"])["accuracy"]
    wide = by_cell.unstack("tokens")  # noqa: PD010 (pivot_table would drop cells whose seeds all diverged)
    found = []
    for (_, size, ratio), means in zip(wide.index, wide.to_numpy(float), strict=True):
        found.append([size, f"{ratio:g}", *(UNKNOWN if np.isnan(mean) else f"{100 * mean:.1f}" for mean in means)])
    return found


def t_rows(tables: Tables) -> list[list[str]]:
    """Size, ratio, how many seeds, and T of every level with the spread of its seeds, or its bound."""
    return [
        [str(size), f"{ratio:g}", str(line["seeds"].iloc[0])]
        + [_t_text(row.tokens, row.standing, row.log_sd) for row in rows_of(line.sort_values("level"))]
        for (_, size, ratio), line in tables.t.groupby(["parameters", "size", "ratio"])
    ]


def censored(tables: Tables) -> list[str]:
    """Of which size and level T is known at which ratios by a bound alone, in words."""
    found = []
    for size in tables.sizes:
        for level in tables.levels:
            line = tables.t[(tables.t["size"] == size) & (tables.t["level"] == level)]
            for standing, words in BOUNDS.items():
                ratios = line.loc[line["standing"] == standing, "ratio"]
                if len(ratios):
                    listed = ", ".join(f"{ratio:g}" for ratio in ratios)
                    found.append(f"{size}, {100 * level:g} %: {words} at r = {listed}")
    return found


def law_rows(tables: Tables, form: str) -> list[list[str]]:
    """Size, level, law, its two constants with intervals, R², and to how many ratios it is fitted."""
    laws = tables.laws[tables.laws["form"] == form]
    return [
        [
            row.size, f"{100 * row.level:g} %", FORMS[form],
            _interval(row.intercept, row.intercept_low, row.intercept_high),
            _interval(row.slope, row.slope_low, row.slope_high), f"{row.r_squared:.4f}", str(row.points),
        ]
        for row in rows_of(laws)
    ]  # fmt: skip


def line_rows(tables: Tables) -> list[list[str]]:
    """The same of the straight line in 1/r, a and b in millions of tokens, and its bend in per cent of its rise."""
    laws = tables.laws[tables.laws["form"] == "linear"]
    return [
        [
            row.size, f"{100 * row.level:g} %",
            _interval(1e3 * row.intercept, 1e3 * row.intercept_low, 1e3 * row.intercept_high),
            _interval(1e3 * row.slope, 1e3 * row.slope_low, 1e3 * row.slope_high), f"{row.r_squared:.4f}",
            _interval(100 * row.bend, 100 * row.bend_low, 100 * row.bend_high), str(row.points),
        ]
        for row in rows_of(laws)
    ]  # fmt: skip


def left_out(tables: Tables) -> list[str]:
    """Of which size and level no law could be fitted, in words."""
    cells = tables.t[["parameters", "size", "level"]].drop_duplicates()
    found = []
    for form, words in FORMS.items():
        fitted = tables.laws.loc[tables.laws["form"] == form, ["size", "level"]]
        both = cells.merge(fitted, on=["size", "level"], how="left", indicator=True)
        missing = both[both["_merge"] == "left_only"].sort_values(["parameters", "level"])
        if len(missing):
            listed = ", ".join(f"{row.size} at {100 * row.level:g} %" for row in rows_of(missing))
            found.append(f"{words}: {listed}")
    return found


def held_out_rows(tables: Tables) -> list[list[str]]:
    """Size, level, law, ratio and how it was held out; T measured and predicted, and the quotient."""
    return [
        [
            row.size, f"{100 * row.level:g} %", FORMS[row.form], f"{row.ratio:g}", row.how,
            _t_text(row.measured, row.standing, np.nan),
            f"{_tokens_text(row.predicted)} ({_tokens_text(row.low)} to {_tokens_text(row.high)})",
            _quotient(row), UNKNOWN if pd.isna(row.outside) else row.outside,
        ]
        for row in rows_of(tables.held_out)
    ]  # fmt: skip


def _quotient(row: Any) -> str:
    """Measured over predicted T, a bound as such."""
    measured = TokensToAccuracy(row.measured, row.standing)
    return HeldOut(row.ratio, measured, row.predicted, row.low, row.high).text


def _t_text(tokens: float, standing: str, log_sd: float) -> str:
    """T or its bound, and the standard deviation of its logarithm over seeds as a share of T."""
    spread = "" if np.isnan(log_sd) else f" (± {100 * log_sd:.0f} %)"
    return f"{SIGNS[standing]}{parameters_text(tokens)}{spread}"


def _tokens_text(tokens: float) -> str:
    """A predicted number of tokens, which may be beyond all that can be trained."""
    if np.isinf(tokens):
        return "∞"
    return parameters_text(tokens) if 1 <= tokens < FAR else number_text(tokens, ".0e")


def _interval(value: float, low: float, high: float) -> str:
    """A number with its interval; a dash for what is missing."""
    if np.isnan(value):
        return UNKNOWN
    return estimate_text(value, low, high, form=".3g")
