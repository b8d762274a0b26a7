"""What a designed set of runs says of mixing laws, as numbers that claims are tested by; no verdicts.

Errors are mean relative ones, over domains; only laws that answered for every domain have one. ``findings.json`` holds

- ``mixtures``: by law, best first, of held-out mixtures: ``error``; ``places``, by kind of mixture (``centre``,
  ``corners``, ``inner``); ``domains``, by domain; ``hardest``, the domain with the greatest error, and ``others``, the
  mean without it;
- ``six``: by what laws were fitted on, of the design's mixtures that are in neither: the errors by law;
- ``exponents``: the rows of ``exponents.csv``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.json_rows import json_rows
from phasemix.experiments.design.tables import Tables
from phasemix.search.simplex_design import CORNER

PLACES = ("centre", "corners", "inner")


def measure(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The findings above, from the tables in ``folder``."""
    tables = Tables.read(folder, options)
    return {
        "mixtures": {str(law): held_out(tables, str(law)) for law in tables.errors("mixtures").sort_values().index},
        "six": {setting: tables.errors("six", setting).to_dict() for setting in tables.settings("six")},
        "exponents": json_rows(tables.exponents),
    }


def held_out(tables: Tables, law: str) -> dict[str, Any]:
    """One law's errors on mixtures that were held out."""
    answers = tables.answers["mixtures"]
    domains = answers[answers["law"] == law].set_index("domain")["mean_relative_error"]
    hardest = domains.idxmax()
    return {
        "error": float(domains.mean()),
        "places": by_place(tables, law),
        "domains": domains.to_dict(),
        "hardest": str(hardest),
        "others": float(domains.drop(hardest).mean()),
    }


def by_place(tables: Tables, law: str) -> dict[str, float]:
    """A law's mean errors on held-out mixtures by :data:`PLACES`, those that there are."""
    errors = tables.errors_by_run["mixtures"]
    errors = errors[errors["law"] == law]
    places = errors["run"].map(tables.mixtures).map(place)
    found: pd.Series = errors.groupby(places)["relative_error"].mean()
    return {name: float(found[name]) for name in PLACES if name in found}


def place(mixture: str) -> str:
    """Which of :data:`PLACES` a mixture of the design is in."""
    return "corners" if mixture.startswith(CORNER) else "centre" if mixture == "centre" else "inner"
