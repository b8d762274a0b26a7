"""Trackio: a project per scale on this machine, or in the Space that ``TRACKIO_SPACE_ID`` names; `trackio show`."""

from collections.abc import Mapping

from phasemix.observers._tracker import Tracker

SHORT = 8  # characters of an identity that tell runs of one cell apart


class Trackio(Tracker):
    """Tells Trackio, which knows runs by their names."""

    name = "trackio"

    def begin(self, identity: str, step: int, *, resumed: bool) -> None:  # noqa: ARG002 (rows say their step)
        """Begin the run, or go on with it."""
        import trackio  # noqa: PLC0415 (takes seconds, and is an extra)

        self._run = trackio.init(
            project=self.place.project,
            name=f"{self.place.experiment}/{self.place.cell} {identity[:SHORT]}",
            group=self.place.experiment,
            config=self.cell.model_dump(mode="json"),
            resume="must" if resumed else "never",
            embed=False,
        )

    def log(self, values: Mapping[str, float], step: int) -> None:
        """A step of the run."""
        self._run.log(dict(values), step=step)

    def finish(self) -> None:
        """Finish the run."""
        self._run.finish()


observe = Trackio.observe
