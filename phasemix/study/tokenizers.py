"""The specification of a tokenizer."""

from typing import Literal

from pydantic import Field, PositiveFloat

from phasemix.base.schema import Revision, Schema

UNKNOWN_VOCABULARY = 50_304  # of a tokenizer of the hub, which is not read while planning: Pythia's


class TrainedTokenizer(Schema):
    """A byte-level BPE that the workflow trains.

    Attributes:
        vocabulary: its entries.
        megabytes: of text that it is trained on.
        shares: of that text, by source; they sum to 1.
    """

    vocabulary: int = Field(ge=257, le=2**20)
    megabytes: PositiveFloat
    shares: dict[str, PositiveFloat] = Field(min_length=1)


class HubTokenizer(Schema):
    """A tokenizer of the Hugging Face hub.

    Attributes:
        name: of its repository.
        revision: a full commit hash.
    """

    name: str
    revision: str = Revision


class TokenizerSpec(Schema):
    """A tokenizer.

    Attributes:
        origin: which of the sections below is used.
        train: a tokenizer that the workflow trains.
        hub: one of the Hugging Face hub.
    """

    origin: Literal["train", "hub"]
    train: TrainedTokenizer | None = None
    hub: HubTokenizer | None = None

    @property
    def vocabulary(self) -> int:
        """Its entries."""
        return self.train.vocabulary if self.origin == "train" and self.train else UNKNOWN_VOCABULARY

    @property
    def sources(self) -> list[str]:
        """The sources it is trained on."""
        return list(self.train.shares) if self.origin == "train" and self.train else []

    @property
    def options(self) -> str:
        """The section that ``origin`` chooses, as JSON."""
        return str(getattr(self, self.origin).model_dump_json())
