"""The plan of a search: small runs that any trainer can make, as a table.

**Format.** CSV, one row a run: ``run``, its name; ``size``, parameters; ``tokens`` to read; ``mix.<domain>``, its
proportions; where a controller steers it ``controller``, ``options`` (JSON), ``reference`` (a run's name). The table of
runs that is read back names runs alike, and has ``size``, ``step`` (tokens), ``mix.<domain>`` and ``loss.<domain>``
(:mod:`phasemix.fitting.runs_table`), a row for every time that losses were measured.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from phasemix.fitting.runs import MIX
from phasemix.search.mixer import Choice, Steer, Trial
from phasemix.search.problem import Problem


def plan_table(problem: Problem, trials: Sequence[Trial], mixtures: np.ndarray) -> pd.DataFrame:
    """The table of trials with their mixtures (trials, k)."""
    steered = any(trial.steering for trial in trials)
    return pd.DataFrame(
        [
            {
                "run": trial.name,
                "size": int(trial.scale.size),
                "tokens": round(trial.scale.tokens),
                **{f"{MIX}{name}": part for name, part in zip(problem.domains.names, mixture.tolist(), strict=True)},
                **(_steered(trial.steering) if steered else {}),
            }
            for trial, mixture in zip(trials, mixtures, strict=True)
        ]
    )


def choice_record(problem: Problem, mixer: str, choice: Choice, notes: Sequence[str]) -> dict[str, Any]:
    """What was chosen, how, and at what cost, as JSON.

    ``phases`` hold the tokens until which each lasts and its proportions; ``steering`` is a controller's name, options,
    and graph; ``predicted`` are losses at the scale ``predicted_at``, which is the target's as far as the law knows of
    scales, and ``predicted_equal`` those with equal proportions; ``weights`` are those of losses in the objective, null
    where all count alike; ``cost`` is that of the search, in operations and as a share of the target's run.
    """
    names, target = problem.domains.names, problem.target
    return {
        "mixer": mixer,
        "mixture": dict(zip(names, choice.mean.tolist(), strict=True)),
        "phases": [
            {"until": round(end * target.tokens), "proportions": dict(zip(names, part.tolist(), strict=True))}
            for end, part in choice.phases
        ],
        "steering": _record(choice.steering),
        "predicted": dict(choice.losses),
        "predicted_equal": dict(choice.of_equal),
        "predicted_at": choice.predicted_at
        and {"size": choice.predicted_at.size, "tokens": choice.predicted_at.tokens},
        "weights": problem.weights and dict(problem.weights),
        "target": {"size": target.size, "tokens": target.tokens, "epochs": problem.epochs},
        "cost": {"operations": choice.cost, "of_target": choice.cost / target.cost},
        "runs": list(choice.runs),
        "notes": [*choice.notes, *notes],
    }


def _record(steer: Steer | None) -> dict[str, Any] | None:
    if steer is None:
        return None
    return {
        "controller": steer.controller,
        "options": dict(steer.options),
        "reference": steer.reference,
        "graph": None if steer.graph is None else {name: dict(row) for name, row in steer.graph.items()},
    }


def _steered(steer: Steer | None) -> dict[str, str]:
    if steer is None:
        return {"controller": "", "options": "", "reference": ""}
    return {
        "controller": steer.controller,
        "options": json.dumps(dict(steer.options)),
        "reference": steer.reference or "",
    }
