"""The configuration of a study of domains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from phasemix.experiments.domains.mixtures import MIXTURES, mixture_file
from phasemix.experiments.experiment import Experiment, Problem

if TYPE_CHECKING:
    from phasemix.study.config import Config

SUM_TOLERANCE = 0.005  # published proportions are rounded


class Spec(Experiment):
    """Domains are measured, and mixed by their entropies.

    Attributes:
        domains: sources of plain text.
        tokenizer: whose tokens are counted.
        baseline: the proportions of the whole collection, where the corpora hold a part of it; None: those of the
            corpora's tokens.
        vectors: a file of word vectors, FastText's own (``.bin``) or gensim's; None: trained on the domains.
        trained_words: how many words vectors are trained on, as many of every domain.
        sample_words: of a sample that is embedded.
        embedded_megabytes: of every domain's training text that are embedded, taken evenly.
    """

    kind: Literal["domains"]
    domains: list[str] = Field(min_length=2)
    tokenizer: str
    baseline: dict[str, PositiveFloat] | None = None
    vectors: str | None = None
    trained_words: PositiveInt = 500_000
    sample_words: PositiveInt = 100
    embedded_megabytes: PositiveFloat = 20
    tables: ClassVar[tuple[str, ...]] = (
        "domains.csv",
        "overlap.csv",
        "entropies.csv",
        "mixtures.csv",
        *map(mixture_file, MIXTURES),
    )

    @property
    def sources(self) -> list[str]:
        """The domains."""
        return self.domains

    @property
    def options(self) -> dict[str, Any]:
        """The domains, and what was embedded."""
        return self.model_dump(mode="json", include={"domains", "trained_words", "sample_words", "vectors", "baseline"})

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sources and tokenizers that are not there, sources that hold no documents, proportions of others."""
        if self.tokenizer not in config.tokenizers:
            yield ("tokenizer",), config.no_name(self.tokenizer, "tokenizers")
        for i, name in enumerate(self.domains):
            if name not in config.sources:
                yield ("domains", i), config.no_name(name, "sources")
            elif config.sources[name].task != "text":
                yield (
                    ("domains", i),
                    "is no plain text, which alone can be measured; mixtures and meeting take it as it is",
                )
        if len(set(self.domains)) < len(self.domains):
            yield ("domains",), "names a domain twice"
        if self.baseline is not None and set(self.baseline) != set(self.domains):
            yield ("baseline",), f"must give a proportion for each of {', '.join(self.domains)}, and no other"
        elif self.baseline is not None and abs(sum(self.baseline.values()) - 1) > SUM_TOLERANCE:
            yield ("baseline",), f"must sum to 1, not to {sum(self.baseline.values()):.4f}"
