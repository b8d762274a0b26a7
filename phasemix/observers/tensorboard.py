"""TensorBoard: event files, which ``tensorboard --logdir results/<scale>/trackers/tensorboard`` shows."""

from collections.abc import Mapping

from phasemix.observers._tracker import Tracker


class TensorBoard(Tracker):
    """Writes event files."""

    name = "tensorboard"

    def begin(self, identity: str, step: int, *, resumed: bool) -> None:  # noqa: ARG002 (files know no identity)
        """Open a file; what earlier ones say of this step and later ones counts no more."""
        from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415 (takes seconds)

        self._writer = SummaryWriter(str(self.folder), purge_step=step)
        self._writer.add_text("cell", f"```\n{self.cell.model_dump_json(indent=2)}\n```", step)

    def log(self, values: Mapping[str, float], step: int) -> None:
        """A scalar per column."""
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)

    def finish(self) -> None:
        """Close the file."""
        self._writer.close()


observe = TensorBoard.observe
