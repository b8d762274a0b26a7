"""``phasemix popularity infer``: sizes of models from their answers to questions about facts of known popularity.

Writes the table ``thresholds`` of :mod:`phasemix.popularity.inferred_sizes` with the columns of ``inferred``.
"""

import argparse
import math
import sys
from collections.abc import Mapping
from typing import Any

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv
from phasemix.base.json_rows import json_rows
from phasemix.base.number_text import estimate_text, number_text
from phasemix.base.spelling import parameters_text
from phasemix.commands.output import Output, check_folder, check_out, say
from phasemix.popularity.answers_table import read_answers
from phasemix.popularity.inferred_sizes import Inferred, infer_sizes
from phasemix.popularity.popularity_law import PopularityLaw


def run(args: argparse.Namespace) -> Output:
    """Infer the sizes of the models in the table ``args.answers``."""
    answers = read_answers(args.answers)
    if args.out:
        check_out(args.out, args.answers)
    if args.pictures:
        check_folder(args.pictures, option="--pictures")
    found = infer_sizes(answers, target=args.target, tolerance=args.tolerance, confidence=args.confidence)
    if found.law is None:
        known = found.thresholds[found.thresholds["parameters"].notna()]
        off = (known["standing"] != "on").any()
        raise PhasemixError(
            f"{args.answers}: {found.lacking}; give the parameters of more models"
            + (", ask about more facts, or choose another --target" if off else "")
        )
    table = found.models
    if args.out:
        write_csv(args.out, table)
    if args.pictures:
        from phasemix.plots.popularity import draw  # noqa: PLC0415 - matplotlib takes a second
        from phasemix.report.figure_style import save_pictures, set_theme  # noqa: PLC0415

        set_theme()
        save_pictures(draw(found, args.confidence), args.pictures, "popularity")
    notes = [
        f"{row['model']}: its threshold lies {row['standing']} all popularities asked about: no size is inferred"
        for row in found.thresholds[found.thresholds["standing"] != "on"].to_dict("records")
    ]
    law = _law(found.law, args.confidence)
    if law["slope_high"] >= 0:
        notes.append("the slope is not surely below 0: the inferred sizes mean nothing")
    say(notes)
    return Output(_text(found, law, args.confidence), {"law": law, "models": json_rows(table), "notes": notes})


def _law(law: PopularityLaw, confidence: float) -> dict[str, float]:
    """The law as log size = ``intercept`` + ``slope`` · log popularity, natural logarithms."""
    low, high = law.slope_interval(confidence)
    intercept = law.intercept - law.slope * law.middle
    return {"intercept": intercept, "slope": law.slope, "slope_low": low, "slope_high": high, "sizes": law.sizes}


def _text(found: Inferred, law: Mapping[str, float], confidence: float) -> str:
    slope = estimate_text(*(law[name] for name in ("slope", "slope_low", "slope_high")), form=".2f")
    intercept = number_text(law["intercept"], ".2f")
    lines = [f"ln size = {intercept} + b · ln popularity, b = {slope}, from {law['sizes']} sizes", ""]
    for row in found.inferred.to_dict("records"):
        truth = "" if math.isnan(row["parameters"]) else f"   is {parameters_text(row['parameters'])}"
        lines.append(f"{row['model']:<24} {_size_text(row)}{truth}")
    tested = found.inferred.dropna(subset="inside")
    if len(tested):
        told = (
            f"of {len(tested)} models of known size, each inferred from the other sizes, {tested['inside'].sum():.0f}"
        )
        width = (tested["high"] / tested["low"].clip(lower=sys.float_info.min)).median()
        told += f" lie in their interval ({number_text(100 * confidence, 'g')} %)"
        lines += ["", f"{told}; the middle one spans a factor of {width:.3g}"]
    return "\n".join(lines)


def _size_text(row: Mapping[Any, Any]) -> str:
    """An inferred size with its interval."""
    if math.isnan(row["size"]):
        return "not inferred: too few other sizes"
    size, low, high = ("∞" if math.isinf(row[name]) else parameters_text(row[name]) for name in ("size", "low", "high"))
    return f"{size:>7} ({low} to {high})"
