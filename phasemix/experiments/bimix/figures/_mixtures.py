"""How mixtures look and are named in all figures."""

from collections.abc import Sequence
from typing import Any

from phasemix.experiments.domains.mixtures import LABELS
from phasemix.plots.palette import domain_colours
from phasemix.report.figure_style import markers


def styles(mixtures: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Colour and marker of every mixture."""
    colours = domain_colours(tuple(mixtures))
    return {
        name: {"color": colours[name], "marker": marker}
        for name, marker in zip(mixtures, markers(len(mixtures)), strict=True)
    }


def label(mixture: str) -> str:
    """A mixture's name."""
    return LABELS.get(mixture, mixture)
