"""The specification of an evaluation: what a run is asked, and on how much held-out text its losses are taken."""

from pydantic import NonNegativeInt, PositiveInt

from phasemix.base.schema import Schema
from phasemix.study.cell import Counted, Curve


class Examination(Schema):
    """What a finished run is asked.

    ``subjects`` of every source that can be asked are sampled (None: all); ``questions`` says which count as
    accuracy; ``loss_tokens`` held-out tokens of every source are read; ``cloze`` last words of held-out documents of
    every source of text are asked for (None: none). ``heldout_from`` held-out tokens are passed over before all that:
    those which something looked at that is judged by the rest.
    """

    subjects: PositiveInt | None = None
    questions: Counted = "all"
    loss_tokens: PositiveInt = 50_000
    cloze: PositiveInt | None = None
    heldout_from: NonNegativeInt = 0


class Evaluation(Examination):
    """What finished runs are asked, and what runs are asked on the way."""

    curve: Curve = Curve()

    @property
    def on_the_way(self) -> Curve:
        """The part about runs on the way, with what it takes from the other."""
        return self.curve.model_copy(update={"questions": self.curve.questions or self.questions})

    @property
    def examination(self) -> Examination:
        """The part about finished runs."""
        return Examination(**self.model_dump(exclude={"curve"}))
