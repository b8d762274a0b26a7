"""``phasemix mix plot``: a picture of a best mixture, as SVG and PNG."""

import argparse
from pathlib import Path
from typing import Any

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.commands.output import Output, check_folder

ROW = {"domain", "prior", "proportion", "low", "high", "flat_low", "flat_high"}
GAIN = {"value", "low", "high", "sure"}


def run(args: argparse.Namespace) -> Output:
    """Draw what ``phasemix mix optimise --out`` wrote to ``args.optimum``."""
    try:
        optimum = read_json(Path(args.optimum))
    except FileNotFoundError:
        raise PhasemixError(f"{args.optimum}: no such file; `phasemix mix optimise --out` writes one") from None
    except ValueError:
        optimum = None
    if not _whole(optimum):
        raise PhasemixError(f"{args.optimum}: is not what `phasemix mix optimise --out` writes")
    check_folder(args.out)
    from phasemix.plots.optimum import draw  # noqa: PLC0415 - matplotlib takes a second
    from phasemix.report.figure_style import save_pictures, set_theme  # noqa: PLC0415

    set_theme()
    files = save_pictures(draw(optimum), args.out, "optimum")
    return Output(record={"pictures": [str(file) for file in files]})


def _whole(optimum: Any) -> bool:
    """Whether something read from JSON has what the picture shows."""
    if not isinstance(optimum, dict) or not {"law", "mixture", "gain", "confidence"} <= optimum.keys():
        return False
    rows, gain = optimum["mixture"], optimum["gain"]
    if not isinstance(gain, dict) or not isinstance(rows, list) or not rows:
        return False
    return gain.keys() >= GAIN and all(isinstance(row, dict) and row.keys() >= ROW for row in rows)
