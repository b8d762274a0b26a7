"""The figures of a transition study: a module each, with ``draw(tables) -> Figure``, and its caption beside it."""

from pathlib import Path

TITLES = {
    "phase_diagram": "Phase diagram",
    "a_fig_1": "A-Fig 1: the transition in model size",
    "a_fig_2": "A-Fig 2: the transition in mixing ratio",
    "a_fig_10": "A-Fig 10: the transition in validation loss",
    "learning_curves": "Learning curves",
}
CAPTIONS = {name: Path(__file__).with_name(f"{name}.rst") for name in TITLES}
