"""What a user asks of the best mixture, as they write it, made into an objective."""

import difflib

import numpy as np

from phasemix.fitting.law import Fit, LawError
from phasemix.fitting.objective import Objective


def choose(
    fit: Fit,
    *,
    step: float | None = None,
    size: float | None = None,
    target: str = "mean",
    cap: list[str] | None = None,
    prior: str | None = None,
    kl: float | None = None,
) -> tuple[Objective, list[str]]:
    """The objective that wishes describe, and notes on what was taken where nothing was said.

    Args:
        fit: the fitted law.
        step: at which step; default: the last of the fitted runs.
        size: at which size; default: the largest of the fitted runs.
        target: ``mean``, or ``domain=weight,…`` of loss domains.
        cap: ``domain=epochs:tokens`` each: no more than so many passes, tokens counted as ``step`` is.
        prior: what the best mixture is compared with: ``runs`` (their mean mixture), ``uniform``, ``domain=weight,…``.
        kl: λ of λ·KL(mixture ‖ prior), which keeps the best mixture near the prior.

    Raises:
        LawError: a wish that cannot be read or met.
    """
    if kl is not None and prior is None:
        raise LawError("--kl needs --prior: stay near which mixture?")
    at, notes = _scale(fit, size=size, step=step, capped=bool(cap))
    weights = np.full(len(fit.targets), 1 / len(fit.targets))
    if target != "mean":
        weights = _shares("--target", target, fit.targets)
    domains = fit.runs.domains
    uniform = np.full(len(domains), 1 / len(domains))
    if prior in {None, "runs"}:
        near = fit.runs.mixture.mean(axis=0)
    else:
        near = uniform if prior == "uniform" else _shares("--prior", str(prior), domains)
    caps = _caps(cap or [], domains, at["step"] if step is None else step)
    never = fit.runs.mixture.max(axis=0) == 0
    notes += [f"{name}: is in no mixture of the runs, and stays out" for name in np.array(domains)[never]]
    caps[never | ((near == 0) & (kl is not None))] = 0.0
    least = np.minimum(_floors(fit, weights), caps)
    return Objective(fit, weights, at["step"], at["size"], caps, least, near, kl or 0.0), notes


def _scale(
    fit: Fit, *, size: float | None, step: float | None, capped: bool
) -> tuple[dict[str, float | None], list[str]]:
    """At which size and step, None where the fit has no notion of it; and notes."""
    notes: list[str] = []
    at: dict[str, float | None] = {}
    for axis, wish in (("size", size), ("step", step)):
        known = getattr(fit.runs, axis)
        at[axis] = None
        if axis not in fit.axes:
            if wish is not None:
                notes += _without_bearing(fit, axis, wish, needed=capped and axis == "step")
            continue
        if at.get("size") is not None and size is None:  # the greatest size may have fewer steps
            known = known[fit.runs.size == at["size"]]
        at[axis] = float(known.max()) if wish is None else wish
        if wish is None:
            notes.append(f"--{axis} is not given: at {at[axis]:g}, the greatest of the fitted runs")
        elif not known.min() <= wish <= known.max():
            notes.append(f"--{axis} {wish:g} lies outside the fitted runs, {known.min():g}–{known.max():g}")
    return at, notes


def _without_bearing(fit: Fit, axis: str, wish: float, *, needed: bool) -> list[str]:
    """Notes on a wished size or step that predictions do not depend on, which caps may need.

    Raises:
        LawError: it could have had no bearing at all.
    """
    known = getattr(fit.runs, axis)
    if known is None:
        why = f"the fitted runs have no column {axis}"
    elif known[0] == wish:
        return []
    else:
        why = f"all fitted runs have {axis} {known[0]:g}"
    if needed:
        return [f"--{axis} {wish:g} counts for --cap alone: {why}"]
    raise LawError(f"--{axis} {wish:g} has no bearing: {why}; leave it out")


def _floors(fit: Fit, weights: np.ndarray) -> np.ndarray:
    """Where a law of own proportions counts all smaller ones as one, the least that tell; shape (m,)."""
    found = np.zeros(len(fit.runs.domains))
    for name, floor, weight in zip(fit.targets, fit.least_proportions, weights, strict=True):
        if floor and weight:
            found[fit.runs.domains.index(name)] = floor
    return found


def _shares(option: str, text: str, names: tuple[str, ...]) -> np.ndarray:
    """``name=weight,…`` as weights of ``names`` that sum to 1."""
    found = np.zeros(len(names))
    seen = set()
    for part in text.split(","):
        name, _, number = (word.strip() for word in part.rpartition("="))
        if not name:
            raise LawError(f"{option} {text}: write DOMAIN=WEIGHT,…")
        if name in seen:
            raise LawError(f"{option} {text}: {name} is there twice")
        seen.add(name)
        index = names.index(_known(option, name, names))
        found[index] = _number(option, part, number)
    if found.sum() == 0:
        raise LawError(f"{option} {text}: all weights are 0")
    return found / found.sum()


def _caps(wishes: list[str], domains: tuple[str, ...], tokens: float | None) -> np.ndarray:
    """Greatest proportions: epochs · tokens of the domain / tokens of the run."""
    caps, seen = np.ones(len(domains)), set()
    for wish in wishes:
        name, _, amount = wish.rpartition("=")
        if name in seen:
            raise LawError(f"--cap {wish}: {name} is capped twice")
        seen.add(name)
        epochs, colon, available = amount.partition(":")
        if not colon:
            raise LawError(f"--cap {wish}: write DOMAIN=EPOCHS:TOKENS")
        if tokens is None:
            raise LawError("--cap needs --step, the tokens that will be trained on")
        share = _number("--cap", wish, epochs) * _number("--cap", wish, available) / tokens
        caps[domains.index(_known("--cap", name, domains))] = min(1.0, share)
    return caps


def _known(option: str, name: str, names: tuple[str, ...]) -> str:
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise LawError(f"{option}: no domain {name!r}; {hint}there are {', '.join(names)}")
    return name


def _number(option: str, part: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise LawError(f"{option} {part}: {text!r} is not a number of 0 or more")
    return value
