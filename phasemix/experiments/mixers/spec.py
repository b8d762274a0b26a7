"""The configuration of a contest of mixers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from phasemix.base.errors import PhasemixError
from phasemix.base.schema import Name, Schema
from phasemix.controllers.controller import FORWARD, controller_class
from phasemix.corpora.segments import Segments
from phasemix.experiments.experiment import Problem, Training
from phasemix.mixers import load_mixer
from phasemix.model.flops_per_token import training_flops_per_token
from phasemix.search.mixer import Mixer, Steer, Trial
from phasemix.search.problem import Domains, Scale
from phasemix.search.problem import Problem as Search
from phasemix.study.cell import Cell, SampleWeights
from phasemix.study.cell_key import CellKey, Value, unique
from phasemix.study.evaluation import Evaluation
from phasemix.study.mixture import EXPERIMENT, RESULTS, MixtureSpec, Phase, Steering
from phasemix.tasks.source import Source

if TYPE_CHECKING:
    from phasemix.study.config import Config

FREE, CHARGED = "free", "charged"
"""The budgets of the target's runs: all tokens whatever the search cost, or those that the search has left."""
LEAST_COST, LEAST_LEFT = 0.01, 0.1  # of the target's tokens: costs that are charged, and what must be left of them
COST_TOLERANCE = 0.05  # of token_cost
FOLDER = f"{RESULTS}/mixers/{EXPERIMENT}"


def round_file(first: str) -> str:
    """The file of the mixtures of a round by the runs' names; it has the name of the ``first``."""
    return f"{FOLDER}/rounds/{first}.json"


def choice_file(contestant: str) -> str:
    """The file of what a contestant has chosen, as :mod:`phasemix.search.plan_table` has it, and its ``graph``."""
    return f"{FOLDER}/choices/{contestant}.json"


def graph_file(contestant: str) -> str:
    """The file of a contestant's graph."""
    return f"{FOLDER}/graphs/{contestant}.json"


def influences_file(trial: str) -> str:
    """The file of how influential documents are in the eyes of a trial's model."""
    return f"{FOLDER}/influences/{trial}.json"


class SmallRuns(Schema):
    """The small runs of a search.

    Attributes:
        tokens: that each reads.
        runs: how many a search may cost.
        points: how often their losses are measured, the last time at the end.
        token_cost: what one of their tokens costs beside one of the target's: the quotient of their FLOPs.
    """

    tokens: PositiveInt
    runs: PositiveInt
    points: PositiveInt = 3
    token_cost: float = Field(gt=0, lt=1)


class Small(SmallRuns):
    """The same with the size of their models.

    Attributes:
        size: of their models.
    """

    size: str


class Searched(Schema):
    """What a search depends on beside its mixer and what is measured: nothing that concerns the target's size or seeds.

    Attributes:
        domains: that are mixed.
        tokens: of the target's run.
        small: runs.
        epochs: as in :class:`Spec`.
    """

    domains: list[str]
    tokens: PositiveInt
    small: SmallRuns
    epochs: PositiveFloat | None

    @property
    def problem(self) -> Search:
        """The search, as far as it is known before anything is measured; a size is what its tokens cost."""
        small = Scale(self.small.token_cost, self.small.tokens)
        return Search(Domains(tuple(self.domains)), Scale(1.0, self.tokens), small, self.small.runs, epochs=self.epochs)


class Contestant(Schema):
    """A mixer with its options; and how the samples of the target's batches are weighed, if they are.

    Attributes:
        mixer: its name; None: that of the contestant.
        options: of the mixer.
        sample_weights: of the target's recipe.
    """

    mixer: str | None = None
    options: dict[str, float] = Field(default_factory=dict)
    sample_weights: SampleWeights | None = None


class Spec(Training):
    """Every contestant chooses a mixture from small runs of the same cost; larger models are trained on all of them.

    Cells of the search have the axis ``trial``, whose value is a run's name; trials of equal names are one cell,
    whoever asks for them, so that a contestant that is added trains its own runs alone. Cells of the target have the
    axes ``contestant`` and ``budget``.

    Attributes:
        domains: the sources that are mixed.
        tokens: of domains that are to be smaller than they are: text is cut to so many, and of facts, which are made
            without end, so many count as all of them.
        measured: the experiment of kind domains that measured entropies; None: no contestant asks for them.
        size: of the target's models; their tokens are the recipe's.
        seeds: of the target's models; small runs have the first one.
        small: the search's runs.
        epochs: how often the target may read any domain, for mixers that know of it.
        every_tokens: how often controllers are asked.
        loss_tokens: held-out tokens of every source that controllers measure on.
        evaluation: of which ``curve.loss_tokens`` held-out tokens are what searches see; finished models must be judged
            by others, from ``heldout_from`` on.
        influences: of how many documents of every domain of text the influence is found out, for mixers that ask.
        contestants: by name.
        baseline: the contestant that the others are compared with.
    """

    kind: Literal["mixers"]
    domains: list[str] = Field(min_length=2)
    tokens: dict[str, PositiveInt] = Field(default_factory=dict)
    measured: str | None = None
    size: str
    seeds: list[NonNegativeInt] = Field(min_length=1)
    small: Small
    epochs: PositiveFloat | None = None
    every_tokens: PositiveInt
    loss_tokens: PositiveInt
    influences: PositiveInt = 1000
    evaluation: Evaluation
    contestants: dict[Annotated[str, Name], Contestant] = Field(min_length=2)
    baseline: str = "natural"
    tables: ClassVar[tuple[str, ...]] = (
        "domains.csv",
        "contest.csv",
        "means.csv",
        "choices.csv",
        "predicted.csv",
    )

    def mixer(self, contestant: str) -> Mixer:
        """The mixer of a contestant.

        Raises:
            PhasemixError: there is none of that name, or it has no such options.
        """
        chosen = self.contestants[contestant]
        return load_mixer(self.mixer_name(contestant), chosen.options)

    @property
    def searched(self) -> Searched:
        """What is searched for, as the jobs of the search are told it."""
        return Searched(
            domains=self.domains,
            tokens=self.recipe.tokens,
            small=SmallRuns.model_validate(self.small.model_dump(exclude={"size"})),
            epochs=self.epochs,
        )

    @cached_property
    def rounds(self) -> dict[str, list[list[Trial]]]:
        """The trials that each contestant asks for, round by round."""
        return {name: self.mixer(name).rounds(self.searched.problem) for name in self.contestants}

    def mixer_name(self, contestant: str) -> str:
        """The name of a contestant's mixer."""
        return self.contestants[contestant].mixer or contestant

    @cached_property
    def trials(self) -> dict[str, tuple[Trial, str, int]]:
        """Every trial by its name, and which contestant asks for it first, in which of its rounds."""
        found: dict[str, tuple[Trial, str, int]] = {}
        for name, rounds in self.rounds.items():
            for number, trials in enumerate(rounds):
                for trial in trials:
                    found.setdefault(trial.name, (trial, name, number))
        return found

    def trial_key(self, name: str) -> CellKey:
        """The cell of a trial."""
        return CellKey.of(size=self.small.size, trial=name, seed=self.seeds[0])

    def target_keys(self, contestant: str) -> list[CellKey]:
        """The cells of a contestant's models: of all tokens and, if it costs anything, of those that are left."""
        left = self.tokens_left(contestant) / self.recipe.tokens
        budgets = [FREE, *([CHARGED] if LEAST_LEFT <= left < 1 - LEAST_COST else [])]
        return [
            CellKey.of(size=self.size, contestant=contestant, budget=budget, seed=seed)
            for budget in budgets
            for seed in self.seeds
        ]

    def search_tokens(self, contestant: str) -> float:
        """What a contestant costs beside the target's run, in its tokens.

        That is small runs and the evaluations of those that are not steered, what controllers measure, and gradients of
        documents, counted as if every domain had some. Weights of samples come from losses that training has anyway
        (arXiv 2502.06733), and cost nothing, though our trainer takes another pass for them.
        """
        trials = {trial.name: trial for round_ in self.rounds[contestant] for trial in round_}
        small = sum(trial.scale.tokens + self._looking(trial) for trial in trials.values())
        if self.mixer(contestant).influences:
            small += self.influences * self.recipe.context * len(self.domains)
        return self.small.token_cost * small + self._measuring(self._steer(contestant), self.recipe.tokens)

    def _looking(self, trial: Trial) -> float:
        """What is measured of a trial, in tokens of training."""
        if trial.steering:
            return self._measuring(trial.steering, trial.scale.tokens)
        return self.small.points * FORWARD * len(self.domains) * self.evaluation.curve.loss_tokens

    def _steer(self, contestant: str) -> Steer | None:
        """What steers the target's run of a contestant, if anything does."""
        steers = self.mixer(contestant).steers
        return Steer(steers, self.contestants[contestant].options) if steers else None

    def tokens_left(self, contestant: str) -> int:
        """The tokens of the target that a contestant's search leaves."""
        return round(self.recipe.tokens - self.search_tokens(contestant))

    def _measuring(self, steer: Steer | None, tokens: float) -> float:
        """What a controller measures in a run of so many tokens, in tokens of training."""
        if not steer:
            return 0.0
        times = tokens / max(self.every_tokens, Segments(self.recipe.batch_tokens).tokens)
        return times * controller_class(steer.controller).pass_cost * len(self.domains) * self.loss_tokens

    @cached_property
    def cells(self) -> list[CellKey]:
        """Every trial, and every contestant's models."""
        return unique(
            [*map(self.trial_key, self.trials), *(key for name in self.contestants for key in self.target_keys(name))]
        )

    @property
    def sources(self) -> list[str]:
        """The domains."""
        return self.domains

    @property
    def reads(self) -> list[str]:
        """The experiment that measured entropies."""
        return [self.measured] if self.measured else []

    @property
    def options(self) -> dict[str, Any]:
        """What its tables depend on."""
        search = {name: self.search_tokens(name) for name in self.contestants}
        searchers = [name for name in self.contestants if self.rounds[name] or self.mixer(name).steers]
        chosen = self.model_dump(
            mode="json", include={"domains", "baseline", "size", "seeds", "small", "epochs", "contestants"}
        )
        return {
            **chosen,
            "search_tokens": search,
            "searchers": searchers,
            "target_tokens": self.recipe.tokens,
            "seen_tokens": self.evaluation.curve.loss_tokens,
        }

    def recipe_changes(self, key: CellKey) -> tuple[tuple[str, Value], ...]:
        """A trial's tokens; of a charged target those that are left; and a contestant's weights of samples."""
        values = key.values
        if "trial" in values:
            tokens = round(self.trials[str(values["trial"])][0].scale.tokens)
            return (("tokens", tokens), ("evaluation_points", self.small.points))
        contestant = str(values["contestant"])
        changes: list[tuple[str, Any]] = []
        if values["budget"] == CHARGED:
            changes.append(("tokens", self.tokens_left(contestant)))
        if weights := self.contestants[contestant].sample_weights:
            changes.append(("sample_weights", weights))
        return tuple(changes)

    def mixture(self, key: CellKey) -> MixtureSpec:
        """A trial's mixture, or what its contestant has chosen."""
        values = key.values
        if "trial" in values:
            trial, contestant, number = self.trials[str(values["trial"])]
            return MixtureSpec(
                phases=[self._equal()],
                steering=self._steering(trial.steering, None),
                file=f"{round_file(self.rounds[contestant][number][0].name)}#{trial.name}",
                influences=self._influences(contestant, number),
            )
        contestant = str(values["contestant"])
        mixer, tokens = self.mixer(contestant), self.recipe_of(key).tokens
        segment = Segments(self.recipe.batch_tokens).tokens
        ends = [round(end * tokens / segment) * segment for end in mixer.phases[:-1]]
        steering = self._steering(self._steer(contestant), contestant)
        return MixtureSpec(
            phases=[self._equal(end) for end in [*ends, None]],
            steering=steering,
            file=f"{choice_file(contestant)}#proportions",
            influences=self._influences(contestant),
        )

    def cell(self, key: CellKey, config: Config) -> Cell:
        """The specification of a cell, in which domains of text are as small as they are to be."""
        return super().cell(key, config).model_copy(update={"sources": self.options_of(config.sources)})

    def options_of(self, sources: Mapping[str, Source]) -> dict[str, dict[str, Any]]:
        """The options of training of every domain."""
        cut = {name: {"read_tokens": tokens} for name, tokens in self.tokens.items() if sources[name].cuts}
        return {name: sources[name].training | cut.get(name, {}) for name in self.domains}

    def _influences(self, contestant: str, number: int | None = None) -> str | None:
        """The file of influences by which documents are drawn in a round, or in the target's run; None if by none."""
        trial = self.mixer(contestant).influences
        if trial is None or (number is not None and self.trials[trial][2] >= number):
            return None
        return influences_file(trial)

    def _equal(self, until: int | None = None) -> Phase:
        """Equal proportions, in place of those that are not known yet."""
        return Phase(proportions=dict.fromkeys(self.domains, 1 / len(self.domains)), until=until)

    def _steering(self, steer: Steer | None, contestant: str | None) -> Steering | None:
        if not steer:
            return None
        reference = None
        if steer.reference:
            reference = f"{RESULTS}/runs/{EXPERIMENT}/{self.trial_key(steer.reference).format()}"
        needs_graph = controller_class(steer.controller).needs_graph and contestant
        return Steering(
            controller=steer.controller,
            every_tokens=self.every_tokens,
            loss_tokens=self.loss_tokens,
            options=dict(steer.options),
            reference=reference,
            graph=graph_file(contestant) if needs_graph and contestant else None,
        )

    def problems(self, config: Config) -> Iterator[Problem]:
        """Sizes, sources and mixers that are not there, runs that cost something else than is said."""
        for where, size in ((("size",), self.size), (("small", "size"), self.small.size)):
            if size not in config.models:
                yield where, config.no_name(size, "models")
        if len(set(self.domains)) < len(self.domains):
            yield ("domains",), "names a domain twice"
        for name, tokens in self.tokens.items():
            if name not in self.domains:
                yield ("tokens", name), f"is none of the domains: {', '.join(self.domains)}"
            elif name in config.sources:
                yield from self._size_problems(name, tokens, config.sources[name])
        if self.baseline not in self.contestants:
            yield ("baseline",), f"is no contestant; there are {', '.join(self.contestants)}"
        if self.evaluation.heldout_from < (seen := max(self.evaluation.curve.loss_tokens, self.loss_tokens)):
            yield (
                ("evaluation", "heldout_from"),
                f"must be {seen} or more: so many held-out tokens are what searches see",
            )
        yield from self._contestant_problems()
        yield from self._cost_problems(config)

    def _size_problems(self, name: str, tokens: int, source: Source) -> Iterator[Problem]:
        """Text that is to be cut, and cannot be read over and over or is shorter than that."""
        if source.cuts and not source.repeats:
            yield ("tokens", name), f"cuts text that a run would read over and over: give sources.{name} repeat: true"
        elif source.cuts and tokens > (source.least_tokens or 0):
            yield ("tokens", name), f"is more than sources.{name}.train_tokens, {source.least_tokens:,}"

    def _contestant_problems(self) -> Iterator[Problem]:
        """Mixers that are not there, and two that would share runs that differ."""
        owners: dict[str, str] = {}
        for name, chosen in self.contestants.items():
            try:
                rounds = self.mixer(name).rounds(self.searched.problem)
            except PhasemixError as error:
                yield ("contestants", name), str(error)
                continue
            mixer = self.mixer_name(name)
            alone = len(rounds) > 1 or any(trial.steering for round_ in rounds for trial in round_)
            if alone and self.contestants[owners.setdefault(mixer, name)].options != chosen.options:
                yield (
                    ("contestants", name),
                    f"has other options than {owners[mixer]}, and both would share the runs of the mixer {mixer}",
                )

    def _cost_problems(self, config: Config) -> Iterator[Problem]:
        """A quotient of costs that is another one."""
        if self.size in config.models and self.small.size in config.models and self.tokenizer in config.tokenizers:
            vocabulary = config.tokenizers[self.tokenizer].vocabulary
            small, target = (
                training_flops_per_token(config.models[size], vocabulary, self.recipe.context)
                for size in (self.small.size, self.size)
            )
            if abs(self.small.token_cost * target / small - 1) > COST_TOLERANCE:
                yield (
                    ("small", "token_cost"),
                    f"must be {small / target:.3g}: that is what a token of {self.small.size} costs beside {self.size}",
                )
