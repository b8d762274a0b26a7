"""The search of a contest: what small runs measured, and the problem that mixers are given."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.experiments.mixers.spec import Searched
from phasemix.fitting.runs import Runs
from phasemix.fitting.runs_table import to_runs
from phasemix.search.domains_table import read_domains
from phasemix.search.mixer import Trial
from phasemix.search.problem import Problem


def problem_of(searched: Searched, domains: Path, seed: int) -> Problem:
    """The search with what was measured of the domains."""
    return replace(searched.problem, domains=read_domains(domains), seed=seed)


def runs_of(
    rounds: Sequence[Sequence[Trial]], runs: Sequence[Path], evaluations: Sequence[Path], searched: Searched
) -> Runs | None:
    """What small runs measured, a row for every time that they were evaluated on the way; None if there are none.

    A run's mixture is what it read in the whole. Of domains of facts, bits and recall are those of the end.

    Args:
        rounds: of trials that have been made.
        runs: the folders of their runs, in order.
        evaluations: and of their evaluations.
        searched: what is searched for.

    Raises:
        PhasemixError: every run diverged.
    """
    if not rounds:
        return None
    domains, size = searched.domains, searched.small.token_cost
    names = [trial.name for trials in rounds for trial in trials]
    rows: list[dict[str, Any]] = []
    for name, run, evaluation in zip(names, runs, evaluations, strict=True):
        manifest, summary = read_json(run / "manifest.json"), read_json(evaluation / "summary.json")
        if manifest["diverged_at"] is not None:
            continue
        told, answered = summary["entropy"] or {}, summary["accuracy"] or {}
        subjects = summary["subjects"] or {}
        curve = pd.read_csv(run / "metrics.csv").dropna(subset=[f"loss.{domains[0]}"])
        for point in curve.to_dict("records"):
            row = {"run": name, "size": size, "step": point["tokens"]}
            row |= {f"mix.{domain}": manifest["proportions"][domain] for domain in domains}
            row |= {f"loss.{domain}": point[f"loss.{domain}"] for domain in domains}
            last = point["step"] == curve["step"].max()
            for domain, bits in told.items():
                row[f"facts.{domain}"] = bits[""] * subjects[domain]
                row[f"recall.{domain}"] = answered[domain][""] if last else np.nan
            rows.append(row)
    if not rows:
        raise PhasemixError("every small run diverged: lower their peak learning rate")
    return to_runs(pd.DataFrame(rows))


@contextmanager
def naming_diverged(runs: Sequence[Path]) -> Iterator[None]:
    """Name the small runs that diverged where a mixer cannot do without them.

    Raises:
        PhasemixError: in place of the mixer's, if some of these folders' runs diverged.
    """
    try:
        yield
    except PhasemixError as error:
        lost = [str(run) for run in runs if read_json(run / "manifest.json")["diverged_at"] is not None]
        if not lost:
            raise
        raise PhasemixError(f"{error}; diverged: {', '.join(lost)}: lower the recipe's peak_learning_rate") from error


def by_domain(problem: Problem, mixture: np.ndarray) -> dict[str, float]:
    """A mixture (k,) by domain, summing to 1 as closely as numbers can."""
    found = np.maximum(mixture, 0.0)
    return dict(zip(problem.domains.names, (found / found.sum()).tolist(), strict=True))
