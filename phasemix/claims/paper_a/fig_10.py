"""The transition in a continuous measure."""

from collections.abc import Mapping
from typing import Any

from phasemix.base.number_text import estimate_text
from phasemix.claims.answers import at_most, verdict_of
from phasemix.claims.claim import TOO_SMALL, Claim, Finding, Verdict, in_each_experiment
from phasemix.claims.texts import agreed

FLAT = 0.1  # of the steepest rise


@in_each_experiment
def test(transition: dict[str, Any]) -> Finding:
    """How fast bits are gained below the critical ratio, size by size."""
    rows = transition["ground"]
    return agreed([Finding(_text(row), _verdict(row)) for row in rows]) if rows else TOO_SMALL


def _verdict(row: Mapping[str, Any]) -> Verdict:
    return verdict_of([at_most(row["low"], row["high"], FLAT)], needed=1)


def _text(row: Mapping[str, Any]) -> str:
    part = estimate_text(row["part"], row["low"], row["high"], form=".2f")
    return (
        f"{row['size']}: half are known at r = {row['critical']:.2g}, and up to half of that the known bits rise by"
        f" {100 * row['below']:.0f} points per doubling of r, {part} of the steepest rise"
    )


CLAIM = Claim(
    id="A-Fig 10",
    statement="The transition also shows in a continuous metric, the validation loss on the biographies.",
    published="read off the figure; no numbers given",
    criterion=(
        "The metric is the bits known of a person: the entropy of the values less the loss on their tokens, which is"
        " below 0 for a model that is surer of wrong values than chance; most of the loss on whole biographies is that"
        " of the sentences around the values. A transition has flat ground: up to half of the ratio at which half of"
        f" all bits are known, the rise per doubling of the ratio should be no more than {FLAT:g} of the steepest"
        " between two cells (a sigmoid with slope 4 has .05, a power law with exponent 2 .16). A size reproduces the"
        " claim if the whole interval of that part"
        " lies below, does not if it lies above, and tells nothing otherwise. The verdict is that of all that can tell,"
        " and partly if these differ."
    ),
    history=(
        "Until 2026-11-28 the rule asked where the loss on whole biographies falls fastest, and the claim was not"
        " reproduced by it. The next one compared shapes of the known bits, counting less than 0 as 0, and the claim"
        " was reproduced by it; a reviewer showed on 2026-11-29 that this made the flat ground. This rule was written"
        " then, with the results of the grid known."
    ),
    kinds=("transition",),
    test=test,
)
