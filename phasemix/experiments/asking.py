"""The face of experiments that train nothing and ask models of others, which costs time on devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasemix.experiments.experiment import Experiment
from phasemix.study.cell_key import CellKey

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Asking(Experiment):
    """An experiment whose jobs each ask one model of another experiment."""

    @property
    def tokens_each(self) -> int:
        """The tokens that a model reads for it, roughly; they decide the price alone."""
        raise TypeError(f"experiments of kind {self.kind} must say how much each model reads")

    def models(self, config: Config) -> list[tuple[str, CellKey]]:  # noqa: ARG002 (others need it)
        """The experiments and cells whose models it asks."""
        raise TypeError(f"experiments of kind {self.kind} must say whom they ask")
