"""``phasemix popularity infer``: sizes of models from their answers to questions about facts of known popularity.

Writes the table ``thresholds`` of :mod:`phasemix.popularity.inferred_sizes` with the columns of ``inferred``.
"""

import argparse
import math

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv
from phasemix.base.json_rows import json_rows
from phasemix.base.number_text import estimate_text, number_text
from phasemix.base.spelling import parameters_text
from phasemix.commands.output import Output, check_folder, check_out, say
from phasemix.popularity.answers_table import read_answers
from phasemix.popularity.inferred_sizes import Inferred, infer_sizes
from phasemix.popularity.popularity_law import LEAST


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
        on = (known["standing"] == "on").sum()
        raise PhasemixError(
            f"{args.answers}: {on} of {len(known)} models of known size have a threshold popularity, and"
            f" {LEAST} of different sizes are needed; ask about more facts, or choose another --target"
        )
    table = found.thresholds.merge(found.inferred.drop(columns=["parameters", "threshold"]), on="model", how="left")
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
    say(notes)
    return Output(_text(found, args.confidence), {"models": json_rows(table), "notes": notes})


def _text(found: Inferred, confidence: float) -> str:
    law = found.law
    assert law is not None
    slope = estimate_text(law.slope, *law.slope_interval(confidence), form=".2f")
    lines = [f"log size = a + b · log popularity: b = {slope}, from {law.sizes} sizes", ""]
    for row in found.inferred.to_dict("records"):
        ends = f"{parameters_text(row['low'])} to {parameters_text(row['high'])}"
        truth = "" if math.isnan(row["parameters"]) else f"   is {parameters_text(row['parameters'])}"
        lines.append(f"{row['model']:<24} {parameters_text(row['size']):>7} ({ends}){truth}")
    tested = found.inferred["inside"].dropna()
    if len(tested):
        told = f"of {len(tested)} models of known size, each inferred from the other sizes, {int(tested.sum())} lie in"
        lines += ["", f"{told} their interval ({number_text(100 * confidence, 'g')} %)"]
    return "\n".join(lines)
