"""How well laws find the cliff of a larger model in a world that has one: make bench.

The learner of bounded capacity (paper A's theorem 4.3) of three sizes, two numbers of people and ten ratios, under
noise; a fourth size is asked about. The law that sees the cliff is fitted to all runs of the three sizes, laws of
losses to the share of questions not answered, of the same number of people. Prints, by law, how far the ratio at which
half is known is off (the mean over draws of noise, and the worst), and the mean distance of recall accuracies in
points.
"""

import argparse
from dataclasses import replace

import numpy as np

from phasemix.experiments.cliff.comparisons import CLIFF, SMOOTH, Asked, fit_law
from phasemix.fitting.runs import Runs
from tests.laws.test_cliff import BITS, PEOPLE, SIZES, critical, known_share, learner_world

HALF = 0.53  # of all questions are answered where half is known: a guesser answers 6 % of the others
RATIOS = np.geomspace(0.01, 0.95, 400)


def at_ratios(runs: Runs, people: int) -> Runs:
    """The largest size at all ratios."""
    count, nothing = len(RATIOS), np.zeros(len(RATIOS))
    return Runs(
        np.full(count, "", dtype=object),
        runs.domains,
        np.stack([RATIOS, 1 - RATIOS], axis=1),
        (),
        np.empty((count, 0)),
        size=np.full(count, SIZES[-1]),
        step=np.ones(count),
        facts=np.stack([nothing + people * BITS, nothing], axis=1),
    )


def off(said: Asked, people: int) -> float:
    """By what part of it a critical ratio is off; the end of the grid where nothing is crossed."""
    recall = said["recall"]
    found = RATIOS[np.argmax(recall >= HALF)] if (recall >= HALF).any() else RATIOS[-1]
    return float(found / critical(known_share, SIZES[-1], people) - 1)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=8, help="of noise")
    args = parser.parse_args()
    found: dict[str, list[tuple[float, float]]] = {}
    for draw in range(args.draws):
        world = learner_world(np.random.default_rng(draw))
        world = replace(world, step=np.ones(len(world)))
        for people in PEOPLE:
            own = np.isclose(np.asarray(world.facts)[:, 0], people * BITS)
            largest = np.asarray(world.size) == SIZES[-1]
            for name in (CLIFF, *SMOOTH):
                fitted = fit_law(name, world.rows(~largest if name == CLIFF else ~largest & own), draw)
                missed = fitted(world.rows(largest & own))["recall"] - np.asarray(world.recall)[largest & own, 0]
                error = 100 * float(np.abs(missed).mean())
                found.setdefault(name, []).append((off(fitted(at_ratios(world, people)), people), error))
    for name, rows in found.items():
        places, errors = (np.array(column) for column in zip(*rows, strict=True))
        worst = places[np.abs(places).argmax()]
        print(
            f"{name:<12} critical ratio off by {100 * np.abs(places).mean():5.1f} % (worst {100 * worst:+.0f} %),"
            f" recall by {errors.mean():4.1f} points",
            flush=True,
        )


if __name__ == "__main__":
    main()
