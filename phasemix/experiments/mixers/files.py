"""The files of a contest of mixers: those of its trials by round, and those of its choices."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from phasemix.experiments.mixers.spec import Spec
from phasemix.study.layout import Layout
from phasemix.study.mixture import EXPERIMENT, RESULTS


def of_any_contest(layout: Layout, path: str) -> str:
    """A path of a mixture's file below a scale's results, with ``{experiment}`` for the contest's name."""
    return path.replace(RESULTS, layout.results).replace(EXPERIMENT, "{experiment}")


@dataclass(frozen=True)
class ContestFiles:
    """The files of the contest ``name``."""

    layout: Layout
    name: str
    contest: Spec

    def path(self, file: Callable[[str], str], name: str) -> str:
        """The path of a ``file`` in this contest: such as that of the choice of the contestant with this ``name``."""
        return of_any_contest(self.layout, file(name)).format(experiment=self.name)

    def asker(self, first: str) -> tuple[str, int]:
        """The contestant that asks first for the round whose first run has this name, and its number among its rounds.

        Whoever asks for a first round, its runs are the same: so this does not concern their cells.
        """
        _, contestant, number = self.contest.trials[first]
        return contestant, number

    def trial(self, stage: str, name: str) -> str:
        """The folder of a trial in a stage."""
        return self.layout.of_cell(stage, self.name, self.contest.trial_key(name))

    def trials(self, stage: str, contestant: str, before: int | None = None) -> list[str]:
        """The folders of a contestant's trials in a stage: of the rounds ``before`` one, or of all."""
        return [self.trial(stage, trial.name) for each in self.contest.rounds[contestant][:before] for trial in each]

    def measured(self, contestant: str, before: int | None = None) -> list[str]:
        """What those trials left: their manifests and evaluations' summaries."""
        return [
            *(f"{run}/manifest.json" for run in self.trials("runs", contestant, before)),
            *(f"{evaluation}/summary.json" for evaluation in self.trials("evaluations", contestant, before)),
        ]

    def options(self, contestant: str, number: int | None = None) -> str:
        """The options of a contestant's mixer as JSON, as its choice or the round with this ``number`` reads them.

        A first round depends on none.
        """
        if number == 0:
            return "{}"
        return json.dumps(self.contest.contestants[contestant].options)
