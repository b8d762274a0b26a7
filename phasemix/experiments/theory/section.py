"""What the section of a test of the theory says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.number_text import estimate_text, number_text
from phasemix.base.spelling import OFF_GRID, critical_ratio_text, interval_text, parameters_text
from phasemix.experiments.theory.tables import Tables
from phasemix.report.figure_style import ratio_text

NO_RATIO = "no ratio"


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    predictions = tables.predictions
    return {
        "calibration": tables.theory["calibration"],
        "constants": constants(tables),
        "waiting": int((predictions["standing"].isna()).sum()),
        "ratios": ratio_rows(predictions),
        "sizes": size_rows(tables.sizes),
        "exponents": exponent_rows(tables.exponents),
        "web_tokens": tables.theory["web"]["tokens"],
        "web_losses": web_rows(tables.known),
    }


def constants(tables: Tables) -> list[tuple[str, str]]:
    """The law of the web loss, what is told of people, and the one constant."""
    theory, web = tables.theory, tables.theory["web"]
    people, calibration = theory["people"], theory["calibration"]
    law = f"E = {_number(web['irreducible'])} nats, α = {_number(web['exponent'])}"
    where = f"{calibration['size']} with {calibration['people']:,} people, of {calibration['experiment']}"
    return [
        ("web loss", f"{law}, from {web['runs']} runs of {web['sizes']} sizes; misfit {web['misfit']:.2g}"),
        ("people", f"{people['entropy']:.1f} bits each, told in biographies of {people['tokens']:.1f} tokens"),
        ("calibration", f"{where}: critical r = {_number(calibration['ratio'])}"),
        ("bits per parameter", f"{_number(theory['bits_per_parameter'])}: the one constant"),
    ]


def ratio_rows(table: pd.DataFrame) -> list[list[str]]:
    """Experiment, size, number of people, measured and predicted critical ratios, error; what was not measured last."""
    rows = table.sort_values(["parameters", "people"]).sort_values("experiment", kind="stable").to_dict("records")
    return [
        [
            "" if pd.isna(row["experiment"]) else row["experiment"],
            row["size"],
            f"{row['people']:,}",
            _point(row, "measured", "", critical_ratio_text),
            _point(row, "predicted", "predicted_", _predicted_ratio),
            "calibration" if row["calibration"] else _error(row),
        ]
        for row in rows
    ]


def size_rows(table: pd.DataFrame) -> list[list[str]]:
    """Experiment, number of people, ratio, measured and predicted critical sizes, error."""
    return [
        [
            row["experiment"],
            f"{row['people']:,}",
            ratio_text(row["ratio"]),
            _point(row, "measured", "", parameters_text),
            _point(row, "predicted", "predicted_", parameters_text),
            _error(row),
        ]
        for row in table.to_dict("records")
    ]


def exponent_rows(table: pd.DataFrame) -> list[list[str]]:
    """What depends on what, at which size or number of people; the slopes measured, of the law and of the learner."""
    names = {
        "people": "critical odds along N",
        "size": "critical odds along M",
        "frequency": "critical size along odds · p",
    }
    return [
        [
            names[row["along"]],
            _fixed(row),
            str(row["points"]),
            *(_spread(row, name, ends) for name, ends in (("slope", ""), ("law", "law_"), ("predicted", "predicted_"))),
        ]
        for row in table.to_dict("records")
    ]


def web_rows(known: pd.DataFrame) -> list[list[str]]:
    """Experiment, size, number of people, ratio, known share in per cent, web loss measured and by the theory."""
    return [
        [
            row["experiment"],
            row["size"],
            f"{row['people']:,}",
            ratio_text(row["ratio"]),
            number_text(100 * row["known"], ".0f"),
            *(f"{row[name]:.2f}" for name in ("web_loss", "web_predicted")),
            number_text(row["web_loss"] - row["web_predicted"], "+.2f"),
        ]
        for row in known.sort_values(["parameters", "people", "ratio"]).to_dict("records")
    ]


def _fixed(row: Mapping[Any, Any]) -> str:
    """The size or the people that the points of a power law share."""
    if not pd.isna(row["size"]):
        return str(row["size"])
    return "all" if pd.isna(row["people"]) else f"{row['people']:,.0f} people"


def _point(row: Mapping[Any, Any], name: str, ends: str, spell: Any) -> str:
    if pd.isna(row[name]):
        return "not yet"
    value, interval = spell(row[name]), interval_text(row[f"{ends}low"], row[f"{ends}high"], spell)
    return value if value == interval else f"{value} ({interval})"


def _predicted_ratio(ratio: float) -> str:
    return NO_RATIO if OFF_GRID.get(ratio) else critical_ratio_text(ratio)


def _error(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["error"]):
        return "–"
    bound = "" if row["standing"] == "on" else "at least "
    return bound + estimate_text(
        *(100 * row[name] for name in ("error", "error_low", "error_high")), form="+.0f", unit=" %"
    )


def _spread(row: Mapping[Any, Any], name: str, ends: str) -> str:
    if pd.isna(row[name]):
        return "–"
    value, low, high = row[name], row[f"{ends}low"], row[f"{ends}high"]
    return number_text(value, ".2f") if value == low == high else estimate_text(value, low, high, form=".2f")


def _number(found: list[float | None]) -> str:
    """A value and its interval, if there is one."""
    value, low, high = found
    return f"{value:.3g}" if low is None else f"{value:.3g} ({low:.3g}–{high:.3g})"
