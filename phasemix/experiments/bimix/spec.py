"""The configuration of paper B's study."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat

from phasemix.base.schema import Name
from phasemix.experiments.domains.mixtures import BASELINE, MIXTURES, mixture_file
from phasemix.experiments.domains.spec import SUM_TOLERANCE
from phasemix.experiments.domains.spec import Spec as Domains
from phasemix.experiments.experiment import Problem, Training
from phasemix.study.cell_key import CellKey, unique
from phasemix.study.layout import Layout
from phasemix.study.mixture import RESULTS, MixtureSpec, Phase

if TYPE_CHECKING:
    from phasemix.study.config import Config


class Spec(Training):
    """One size on mixtures of domains: on some the law is fitted, others it predicts.

    Attributes:
        domains: the sources that are mixed.
        measured: the experiment that measured them, and made the mixtures that have a name of its.
        size: of all models.
        seeds: of every mixture.
        given: other mixtures, proportions by domain.
        fitted: the mixtures that the law is fitted on.
        predicted: those that it is asked about; the baseline is one of them.
    """

    kind: Literal["bimix"]
    domains: list[str] = Field(min_length=2)
    measured: str
    size: str
    seeds: list[NonNegativeInt] = Field(min_length=1)
    given: dict[Annotated[str, Name], dict[str, PositiveFloat]] = Field(default_factory=dict)
    fitted: list[str] = Field(min_length=2)
    predicted: list[str] = Field(min_length=1)
    tables: ClassVar[tuple[str, ...]] = (
        "extrapolation.csv",
        "predictions.csv",
        "scores.csv",
        "lines.csv",
        "perplexity.csv",
        "parameters.csv",
        "counts.csv",
    )

    @property
    def mixtures(self) -> list[str]:
        """The names of all mixtures, those that are predicted first."""
        return [*self.predicted, *self.fitted]

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every mixture with every seed."""
        return unique(
            CellKey.of(size=self.size, mixture=name, seed=seed) for name in self.mixtures for seed in self.seeds
        )

    @property
    def sources(self) -> list[str]:
        """The domains."""
        return self.domains

    @property
    def options(self) -> dict[str, Any]:
        """Which mixtures are fitted and which predicted."""
        return self.model_dump(mode="json", include={"domains", "fitted", "predicted", "size"})

    @property
    def reads(self) -> list[str]:
        """The experiment that made the mixtures."""
        return [self.measured]

    def mixture(self, key: CellKey) -> MixtureSpec:
        """The mixture that the key names: of the experiment that measured the domains, or a given one."""
        name = str(key.values["mixture"])
        if name in self.given:
            total = sum(self.given[name].values())  # published proportions are rounded
            return MixtureSpec.constant({domain: self.given[name][domain] / total for domain in self.domains})
        equal = Phase(proportions=dict.fromkeys(self.domains, 1 / len(self.domains)))
        return MixtureSpec(phases=[equal], file=f"{Layout.tables_in(RESULTS, self.measured)}/{mixture_file(name)}")

    def problems(self, config: Config) -> Iterator[Problem]:
        """A size, domains or mixtures that are not there, or not those that were measured."""
        if self.size not in config.models:
            yield ("size",), config.no_name(self.size, "models")
        measured = config.experiments.get(self.measured)
        if not isinstance(measured, Domains):
            yield ("measured",), "is no experiment of kind domains"
        elif measured.domains != self.domains:
            yield ("domains",), f"must be those of {self.measured}, in its order: {', '.join(measured.domains)}"
        elif measured.tokenizer != self.tokenizer:
            yield ("tokenizer",), f"must be that of {self.measured}, {measured.tokenizer}"
        yield from self._mixture_problems()
        for name, proportions in self.given.items():
            if name in MIXTURES:
                yield ("given", name), f"has the name of a mixture that {self.measured} makes"
            if list(proportions) != self.domains:
                yield ("given", name), f"must give a proportion for each of {', '.join(self.domains)}, in this order"
            elif abs(sum(proportions.values()) - 1) > SUM_TOLERANCE:
                yield ("given", name), f"must sum to 1, not to {sum(proportions.values()):.4f}"

    def _mixture_problems(self) -> Iterator[Problem]:
        """Names of mixtures that are none, or stand twice, and no baseline."""
        known = [*MIXTURES, *self.given]
        for part in ("fitted", "predicted"):
            for i, name in enumerate(getattr(self, part)):
                if name not in known:
                    yield (part, i), f"is no mixture; there are {', '.join(known)}"
        if len(set(self.mixtures)) < len(self.mixtures):
            yield ("predicted",), "and fitted name a mixture twice"
        if BASELINE not in self.predicted:
            yield ("predicted",), f"must name {BASELINE}, with which the others are compared"
