"""Weights & Biases: a project per scale, a group per experiment. ``WANDB_MODE=offline`` keeps runs on disk."""

import os
from collections.abc import Mapping

from phasemix.observers._tracker import Tracker


class WandB(Tracker):
    """Tells Weights & Biases."""

    name = "wandb"

    def begin(self, identity: str, step: int, *, resumed: bool) -> None:  # noqa: ARG002 (it asks its server)
        """Begin the run, or go on with it."""
        import wandb  # noqa: PLC0415 (takes seconds, and is an extra)

        self._run = wandb.init(
            project=os.environ.get("WANDB_PROJECT", self.place.project),
            group=self.place.experiment,
            name=self.place.cell,
            id=identity,
            resume="must" if resumed and not self._offline else "allow",
            dir=self.folder,
            config=self.cell.model_dump(mode="json"),
            settings=wandb.Settings(console="off"),
        )

    @property
    def _offline(self) -> bool:
        return os.environ.get("WANDB_MODE", "online") != "online"

    def log(self, values: Mapping[str, float], step: int) -> None:
        """A step of the run's history."""
        self._run.log(dict(values), step=step)

    def finish(self) -> None:
        """Finish the run."""
        self._run.finish()


observe = WandB.observe
