"""Which measured runs still say something when domains have changed, and whether all trials of a round are there."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.fitting.runs import Runs
from phasemix.search.mixer import Trial

SAME_MIXTURE = 0.005  # by which a run's proportions may differ from what was asked for
SAME_SCALE = 0.1  # as a share of its tokens or parameters


def keep_valid(runs: Runs, domains: Sequence[str]) -> tuple[Runs, list[str]]:
    """The runs that hold for these domains, and notes on what was left out or filled in.

    A run without a domain that was removed since holds still; one that read it does not. A domain that was added since
    was read by no earlier run: its proportion there is 0. Losses on a domain that was removed are left out.

    Raises:
        PhasemixError: no run holds.
    """
    notes: list[str] = []
    removed = [name for name in runs.domains if name not in domains]
    if removed:
        read = runs.mixture[:, [runs.domains.index(name) for name in removed]].sum(axis=1) > 0
        if read.all():
            raise PhasemixError(f"every run read {' or '.join(removed)}, which is no domain any more: none holds")
        if read.any():
            count = len(set(runs.run[read]))
            which = "a run" if count == 1 else f"{count} runs"
            notes.append(f"left out {which} that read {' or '.join(removed)}")
        runs = runs.rows(~read)
    added = [name for name in domains if name not in runs.domains]
    if added:
        notes.append(f"no earlier run read {' or '.join(added)}: counted as 0 there")
    mixture = np.zeros((len(runs), len(domains)))
    for i, name in enumerate(domains):
        if name in runs.domains:
            mixture[:, i] = runs.mixture[:, runs.domains.index(name)]
    targets = tuple(target for target in runs.targets if target not in removed)
    if not targets:
        raise PhasemixError("no loss domain is left")
    kept = replace(runs.of_targets(targets), facts=None, recall=None) if removed or added else runs
    return replace(kept, domains=tuple(domains), mixture=mixture), notes


def of_trials(runs: Runs, trials: Sequence[Trial], mixtures: np.ndarray) -> Runs:
    """The rows of the runs of trials with these mixtures (trials, k).

    Raises:
        PhasemixError: a run is missing, read another mixture, or is of another scale than was asked for.
    """
    names = [str(name) for name in runs.run]
    if lost := [trial.name for trial in trials if trial.name not in names]:
        more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
        raise PhasemixError(f"the table of runs lacks {', '.join(lost[:3])}{more}: train them as the plan says")
    for trial, mixture in zip(trials, mixtures, strict=True):
        last = len(names) - 1 - names[::-1].index(trial.name)
        if trial.steering is None and np.abs(runs.mixture[last] - mixture).max() > SAME_MIXTURE:
            i = int(np.abs(runs.mixture[last] - mixture).argmax())
            was, asked = runs.mixture[last, i], mixture[i]
            raise PhasemixError(f"{trial.name} read {was:.3f} of {runs.domains[i]}, and the plan says {asked:.3f}")
        for axis, wanted in (("size", trial.scale.size), ("step", trial.scale.tokens)):
            values = getattr(runs, axis)
            if values is not None and abs(values[last] / wanted - 1) > SAME_SCALE:
                raise PhasemixError(
                    f"{trial.name} has {axis} {values[last]:g}, and the plan says {wanted:g}: compare runs of one scale"
                )
    wanted_names = {trial.name for trial in trials}
    return runs.rows(np.array([name in wanted_names for name in names]))
