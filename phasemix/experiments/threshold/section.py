"""What the section of a study of the threshold frequency says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phasemix.base.number_text import estimate_text, number_text
from phasemix.experiments.threshold.fits import COUNTS
from phasemix.experiments.threshold.published import PREDICTED_SLOPE, SLOPE, WEB
from phasemix.experiments.threshold.tables import PER, Tables

SIGNS = {"on": "", "above": "> ", "below": "< "}
UNKNOWN = "–"
LINES = {"threshold": "first group not learned", "crossing": "crossing"}


def values(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What ``section.html`` needs, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "setting": setting(tables),
        "thresholds": threshold_rows(tables),
        "censored": censored(tables),
        "fits": fit_rows(tables),
        "losses": loss_rows(tables),
    }


def setting(tables: Tables) -> list[tuple[str, str]]:
    """Sizes, the ratio, the groups with their frequencies and exposures, and the seeds."""
    groups = tables.groups
    sizes = groups[["size", "parameters", "non_embedding"]].drop_duplicates().sort_values("parameters")
    frequency, exposures = PER * groups["frequency"], groups["exposures"]
    return [
        (
            "sizes (parameters, those of embeddings left out)",
            ", ".join(f"{size} ({count:,}, {own:,})" for size, count, own in sizes.itertuples(index=False)),
        ),
        ("mixing ratio", f"{groups['ratio'].iloc[0]:g}"),
        ("groups", f"{groups['group'].nunique()}"),
        ("frequency of a person", f"{frequency.min():.3g} to {frequency.max():.3g} per {PER:,} biographies of text"),
        ("exposures of a person", f"{exposures.min():,.0f} to {exposures.max():,.0f}"),
        (
            "runs",
            f"{len(tables.thresholds)} at this ratio and {len(tables.web)} on the base alone did not diverge",
        ),
    ]


def threshold_rows(tables: Tables) -> list[list[str]]:
    """Size; of every run, the threshold frequency by the rule with its group, the crossing, and the exposures there."""
    found = []
    biographies = float((tables.groups["exposures"] / tables.groups["frequency"]).mean())  # of text in a run
    for (_, size), runs in tables.thresholds.groupby(["parameters", "size"]):
        by_rule, crossings, shown = (
            [
                f"{SIGNS[standing]}{unit * frequency:{form}}"
                for frequency, standing in zip(runs[measure], runs[f"{measure}_standing"], strict=True)
            ]
            for measure, unit, form in (
                ("threshold", PER, ".3g"),
                ("crossing", PER, ".3g"),
                ("crossing", biographies, ".0f"),
            )
        )
        with_groups = [f"{text} ({group})" for text, group in zip(by_rule, runs["group"], strict=True)]
        found.append([str(size), ", ".join(with_groups), ", ".join(crossings), ", ".join(shown)])
    return found


def censored(tables: Tables) -> list[str]:
    """Of every line, which sizes it leaves out."""
    found = []
    for name, words in LINES.items():
        law = tables.fits["all"][name]
        if law is None:
            found.append(f"{words}: no line, since fewer than three sizes have all runs on the groups")
        elif law["left_out"]:
            found.append(f"{words}: {', '.join(law['left_out'])}")
    return found


def fit_rows(tables: Tables) -> list[list[str]]:
    """What was fitted; the paper's number; ours by all parameters and without embeddings."""

    def row(words: str, law: str, quantity: str, published: float | None = None) -> list[str]:
        laws = [tables.fits[count][law] for count in COUNTS]
        return [words, _spell(published), *(_spell(each and each[quantity]) for each in laws)]

    found = []
    for law, words in LINES.items():
        slope, differs = (SLOPE, SLOPE - PREDICTED_SLOPE) if law == "threshold" else (None, None)
        lines = [tables.fits[count][law] for count in COUNTS]
        found += [
            row(f"slope, {words}", law, "slope", slope),
            row(f"slope less predicted, {words}", law, "difference", differs),
            [f"R², {words}", UNKNOWN, *(_spell(each and each["line"]["r_squared"]) for each in lines)],
            row(f"R² of an exponential fall, {words}", law, "exponential_r_squared"),
            row(f"bend, {words}", law, "bend"),
        ]
    return [
        *found,
        row("predicted slope, −(α + 1)", "web", "slope", PREDICTED_SLOPE),
        row("web loss: E", "web", "irreducible", WEB.irreducible),
        row("web loss: A (M in millions)", "web", "factor", WEB.factor),
        row("web loss: α", "web", "exponent", WEB.exponent),
        row("web loss: misfit", "web", "misfit"),
    ]


def loss_rows(tables: Tables) -> list[list[str]]:
    """Size, and the web loss of every seed."""
    return [
        [str(size), ", ".join(f"{loss:.3f}" for loss in runs["loss"])]
        for (_, size), runs in tables.web.groupby(["parameters", "size"])
    ]


def _spell(found: Mapping[str, float] | float | None) -> str:
    """A number, or one with its interval."""
    if found is None:
        return UNKNOWN
    if isinstance(found, Mapping):
        return estimate_text(*(found[name] for name in ("value", "low", "high")), form=".3f")
    return number_text(found, ".3f")
