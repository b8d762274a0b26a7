"""The specification of an evaluation: what a finished run is asked."""

from typing import Literal

from pydantic import NonNegativeInt, PositiveInt

from phasemix.base.schema import Schema

Templates = Literal["all", "shown", "heldout"]


class Examination(Schema):
    """What a finished run is asked.

    ``people`` are sampled (None: everybody); ``templates`` says whose questions count as accuracy.
    """

    people: PositiveInt | None
    templates: Templates
    web_tokens: PositiveInt
    bio_tokens: PositiveInt
    heldout_templates: NonNegativeInt
