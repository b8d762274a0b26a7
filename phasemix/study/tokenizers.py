"""The specification of a tokenizer."""

from typing import Literal

from pydantic import Field, PositiveFloat

from phasemix.base.schema import Revision, Schema

UNKNOWN_VOCABULARY = 50_304  # of a tokenizer of the hub, which is not read while planning: Pythia's


class TrainedTokenizer(Schema):
    """A byte-level BPE of ``vocabulary`` entries, trained on ``megabytes`` of text: of every source its ``share``."""

    vocabulary: int = Field(ge=257, le=2**20)
    megabytes: PositiveFloat
    shares: dict[str, PositiveFloat] = Field(min_length=1)


class HubTokenizer(Schema):
    """A tokenizer of the Hugging Face hub; ``revision`` is a full commit hash."""

    name: str
    revision: str = Revision


class TokenizerSpec(Schema):
    """A tokenizer: ``origin`` says which section is used."""

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
