"""How many numbers laws need (B-Table 3), and which of BiMix's cannot be told (its A)."""

from typing import Any

import numpy as np
import pandas as pd

from phasemix.fitting.law import Fit
from phasemix.fitting.nested import Nested
from phasemix.fitting.parametric import Parametric
from phasemix.laws import NAMES, load_law


def counts(domains: tuple[str, ...]) -> pd.DataFrame:
    """One row per law that is a formula: ``law``, ``per_domain`` and ``in_all`` fitted numbers, and ``each_step``.

    ``each_step`` says whether that is for one step alone, and every other needs as many again.
    """
    rows = []
    for name in NAMES:
        law = load_law(name)
        formula = law.inner if isinstance(law, Nested) else law
        if isinstance(formula, Parametric):
            count = len(formula.parameters(domains, ("step",)))
            nested = isinstance(law, Nested) and "step" in law.axes
            rows.append({"law": name, "per_domain": count, "in_all": count * len(domains), "each_step": nested})
    return pd.DataFrame(rows).sort_values(["each_step", "per_domain"], kind="stable", ignore_index=True)


def rank_of_five(fit: Fit) -> list[dict[str, Any]]:
    """By domain, the rank of the Jacobian of (A/r^α)·(B/s^β + C) in all five numbers, at a fitted law with A = 1.

    Columns are brought to length 1. ``least`` is the smallest singular value over the greatest: 0 to rounding if a
    number cannot be told from the others.
    """
    runs, table = fit.runs, fit.parameters()
    assert runs.step is not None
    found = []
    for target, own in zip(fit.targets, runs.own(fit.targets), strict=True):
        mine = table[table["domain"] == target].set_index("parameter")["value"]
        alpha, b, beta, c = (float(mine[name]) for name in ("alpha", "B", "beta", "C"))
        share, fall = own**-alpha, b * runs.step**-beta
        loss = share * (fall + c)
        jacobian = [loss, -np.log(own) * loss, share * fall, -np.log(runs.step) * share * fall, share * c]
        lengths = [np.linalg.norm(column) or 1.0 for column in jacobian]  # C may be 0
        columns = np.stack([column / length for column, length in zip(jacobian, lengths, strict=True)], axis=1)
        values = np.linalg.svd(columns, compute_uv=False)
        found.append(
            {"domain": target, "rank": int(np.linalg.matrix_rank(columns)), "least": float(values[-1] / values[0])}
        )
    return found
