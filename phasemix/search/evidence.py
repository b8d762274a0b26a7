"""Which measured runs still say something when domains have changed, and which runs of a plan are there."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.fitting.runs import Runs
from phasemix.search.mixer import Trial

HARDLY = 0.01  # of a mixture: what a run may have read of domains that are no more
SAME_MIXTURE = 0.005  # by which a run's proportions may differ from what was asked for
SAME_SCALE = 0.1  # as a share of its tokens or parameters


def keep_valid(runs: Runs, domains: Sequence[str]) -> tuple[Runs | None, list[str]]:
    """The runs that hold for these domains, None if there are none, and notes on what was left out or filled in.

    A run that read hardly anything of a domain that was removed since holds still; others do not. A domain that was
    added since was read by no earlier run: its proportion there is 0. Losses on a domain that was removed are left out.

    Raises:
        PhasemixError: losses are those of removed domains alone.
    """
    notes: list[str] = []
    removed = [name for name in runs.domains if name not in domains]
    if removed:
        read = runs.mixture[:, [runs.domains.index(name) for name in removed]].sum(axis=1) > HARDLY
        if read.all():
            return None, [f"every run read {' or '.join(removed)}, which is no domain any more: none holds"]
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
    mixture /= mixture.sum(axis=1, keepdims=True)
    targets = tuple(target for target in runs.targets if target not in removed)
    if not targets:
        raise PhasemixError("no loss domain is left")
    kept = replace(runs.of_targets(targets), facts=None, recall=None) if removed or added else runs
    return replace(kept, domains=tuple(domains), mixture=mixture), notes


def missing_trials(
    runs: Runs | None, trials: Sequence[Trial], mixtures: np.ndarray, wanted: int
) -> tuple[Runs | None, list[int], list[str]]:
    """For a mixer that learns from any runs of the small scale: those there are, which trials to train, and notes.

    Wanted are so many runs in all, and of every domain as many that read it as an equal part of these. A trial whose
    mixture some run has needs no training; of the others those that read most of what lacks runs come first, and then
    the order of the trials, the most telling first.

    Args:
        runs: that hold for the domains, or None.
        trials: all of one scale.
        mixtures: of the trials, shape (trials, k).
        wanted: runs in all.

    Raises:
        PhasemixError: all runs are of another scale.
    """
    kept, notes = (None, []) if runs is None else _of_scale(runs, trials[0])
    have = np.zeros((0, mixtures.shape[1])) if kept is None else kept.mixture[[rows[-1] for rows in kept.rows_by_run()]]
    lacking = np.maximum(-(-wanted // mixtures.shape[1]) - (have > 0).sum(axis=0), 0)
    count = max(wanted - len(have), int(lacking.max(initial=0)))
    distances = np.abs(mixtures[:, None] - have[None]).max(axis=2)
    new = [i for i in range(len(trials)) if not (distances[i] <= SAME_MIXTURE).any()]
    lack = (mixtures * (lacking > 0)).sum(axis=1)
    return kept, sorted(sorted(new, key=lambda i: (-round(float(lack[i]), 6), i))[:count]), notes


def _of_scale(runs: Runs, trial: Trial) -> tuple[Runs, list[str]]:
    """The runs that are as large and as long as a trial, and a note on others."""
    others = [_other_scale(runs, int(rows[-1]), trial) for rows in runs.rows_by_run()]
    if all(others):
        raise PhasemixError(f"{others[0]}: compare runs of one scale")
    keep = np.zeros(len(runs), dtype=bool)
    for rows, other in zip(runs.rows_by_run(), others, strict=True):
        keep[rows] = not other
    count = sum(map(bool, others))
    notes = [f"left out {count} of {len(others)} runs: {next(filter(None, others))}"] if count else []
    return runs.rows(keep), notes


def _other_scale(runs: Runs, row: int, trial: Trial) -> str:
    """How the run that ends in a row differs in scale from a trial; empty if it does not."""
    for axis, wanted in (("size", trial.scale.size), ("step", trial.scale.tokens)):
        values = getattr(runs, axis)
        if values is not None and abs(values[row] / wanted - 1) > SAME_SCALE:
            return f"{runs.run[row]} has {axis} {values[row]:g}, and the plan says {wanted:g}"
    return ""


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
        if trial.steering and np.array_equal(runs.mixture[last], mixture):
            raise PhasemixError(
                f"{trial.name} is steered, and its proportions are those that it began with: write the mean of what it"
                " read"
            )
        if trial.steering is None and np.abs(runs.mixture[last] - mixture).max() > SAME_MIXTURE:
            i = int(np.abs(runs.mixture[last] - mixture).argmax())
            was, asked = runs.mixture[last, i], mixture[i]
            raise PhasemixError(f"{trial.name} read {was:.3f} of {runs.domains[i]}, and the plan says {asked:.3f}")
        if other := _other_scale(runs, last, trial):
            raise PhasemixError(f"{other}: compare runs of one scale")
    wanted_names = {trial.name for trial in trials}
    return runs.rows(np.array([name in wanted_names for name in names]))
