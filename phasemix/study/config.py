"""The configuration: one typed schema, checked whole before anything runs.

``load`` gives a :class:`Config` or raises :class:`ConfigError`, one line that names file, key and
value, what is allowed, and the nearest valid key.
"""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field, NonNegativeInt, PositiveFloat, PositiveInt, ValidationError

from phasemix.analysis.spec import Analysis
from phasemix.base.errors import PhasemixError
from phasemix.base.files import TEXT_FILES, matching_files
from phasemix.base.schema import Schema
from phasemix.corpora.segments import Segments
from phasemix.fitting.spec import LawsTable
from phasemix.planning.spec import Hardware
from phasemix.published.spec import Published
from phasemix.study.cell import Architecture, Cell, Curve, Recipe
from phasemix.study.examination import Examination, Templates
from phasemix.study.grid import HORIZON, CellKey, Grid
from phasemix.tasks.synbio.people import TEMPLATES_PER_ATTRIBUTE, Domains, words

Fraction = Field(ge=0, le=1)
Name = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")  # in paths
Identifier = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")  # of rules
Revision = Field(pattern=r"^[0-9a-f]{40}$")


class ConfigError(PhasemixError):
    """The configuration cannot be run as it stands."""


class InstalledDocs(Schema):
    """The documentation strings of installed packages."""

    packages: list[str] = Field(min_length=1)


class HubData(Schema):
    """A dataset of the Hugging Face hub, streamed; ``revision`` is a full commit hash."""

    dataset: str
    name: str | None = None
    split: str = "train"
    column: str = "text"
    revision: str = Revision
    megabytes: PositiveFloat


class TextFiles(Schema):
    """The user's own files."""

    paths: list[str] = Field(min_length=1)
    column: str = "text"


class Web(Schema):
    """The web text: ``source`` says which of the three sections is used."""

    source: Literal["installed-docs", "hub", "files"]
    train_tokens: PositiveInt
    heldout_fraction: float = Field(gt=0, lt=1)
    installed_docs: InstalledDocs | None = None
    hub: HubData | None = None
    files: TextFiles | None = None

    @property
    def section(self) -> str:
        """The key of the section that ``source`` chooses."""
        return self.source.replace("-", "_")

    @property
    def options(self) -> str:
        """The section that ``source`` chooses, as JSON."""
        return str(getattr(self, self.section).model_dump_json())

    @property
    def versions(self) -> dict[str, str | None]:
        """The packages whose documentation is read, if that is the source, with their versions."""
        used = self.source == "installed-docs" and self.installed_docs
        return {package: installed_version(package) for package in used.packages} if used else {}

    @property
    def inputs(self) -> list[str]:
        """The user's files, if these are the source."""
        return matching_files(self.files.paths) if self.source == "files" and self.files else []


class Dataset(Schema):
    """A SynBio-N: ``people`` is N."""

    people: PositiveInt


class SynBioConfig(Schema):
    """The biographies: what they are drawn from, and the sets of people by name."""

    domains: Domains
    heldout_templates: int = Field(default=0, ge=0, lt=TEMPLATES_PER_ATTRIBUTE)
    datasets: dict[Annotated[str, Name], Dataset] = Field(min_length=1)


class TrainedTokenizer(Schema):
    """A byte-level BPE trained on web text and biographies."""

    vocabulary: int = Field(ge=257, le=2**20)
    megabytes: PositiveFloat
    web_fraction: float = Fraction


class HubTokenizer(Schema):
    """A tokenizer of the Hugging Face hub; ``revision`` is a full commit hash."""

    name: str
    revision: str = Revision


class TokenizerConfig(Schema):
    """The tokenizer: ``source`` says which section is used."""

    source: Literal["train", "hub"]
    train: TrainedTokenizer | None = None
    hub: HubTokenizer | None = None

    @property
    def options(self) -> str:
        """The section that ``source`` chooses, as JSON."""
        return str(getattr(self, self.source).model_dump_json())


class Experiment(Schema):
    """One study: a dataset, a recipe, and the union of its blocks of cells.

    With ``horizons`` (tokens, rising, the last one the recipe's), every cell is trained to each of
    them: the runs share a trunk at WSD's constant learning rate, from which each branches off where
    its own cooldown begins (A-Fig 3).
    """

    dataset: str
    recipe: Recipe
    grid: Grid
    horizons: list[PositiveInt] = Field(default_factory=list)

    @property
    def cells(self) -> list[CellKey]:
        """Every cell once."""
        return self.grid.cells(self.horizons)

    def recipe_to(self, horizon: str) -> Recipe:
        """The recipe of a cell with this part of its name."""
        return self.recipe.model_copy(update={"tokens": horizon_tokens(horizon)}) if horizon else self.recipe

    def horizon_before(self, horizon: str) -> str | None:
        """The horizon at whose trunk another's begins; None for the first."""
        place = self.horizons.index(horizon_tokens(horizon))
        return HORIZON.format(tokens=self.horizons[place - 1]) if place else None


def horizon_tokens(horizon: str) -> int:
    """The tokens that a horizon's name says."""
    return int(horizon.removeprefix(HORIZON.format(tokens="")))


class Evaluation(Schema):
    """What finished runs are asked, and what runs are asked on the way (``curve``)."""

    people: PositiveInt | None = None
    templates: Templates = "all"
    web_tokens: PositiveInt
    bio_tokens: PositiveInt
    curve: Curve = Curve()


class Config(Schema):
    """The whole configuration: config.yaml with an overlay of ``scales/`` on it."""

    scale: str = Name
    seed: NonNegativeInt
    web: Web
    synbio: SynBioConfig
    tokenizer: TokenizerConfig
    models: dict[Annotated[str, Name], Architecture] = Field(min_length=1)
    experiments: dict[Annotated[str, Identifier], Experiment] = Field(min_length=1)
    evaluation: Evaluation
    analysis: Analysis
    hardware: Hardware
    hardware_file: str | None = None
    published: Published = Published()
    laws: dict[Annotated[str, Name], LawsTable] = Field(default_factory=dict)

    def cell(self, experiment: str, size: str, ratio: str, seed: str, horizon: str = "") -> Cell:
        """The specification of one cell of an experiment."""
        return Cell(
            size=size,
            architecture=self.models[size],
            ratio=float(ratio),
            seed=int(seed),
            root_seed=self.seed,
            heldout_templates=self.synbio.heldout_templates,
            recipe=self.experiments[experiment].recipe_to(horizon),
            curve=self.evaluation.curve,
        )

    @property
    def examination(self) -> Examination:
        """What every finished run is asked."""
        return Examination(
            heldout_templates=self.synbio.heldout_templates,
            **self.evaluation.model_dump(exclude={"curve"}),
        )


def load(config: Mapping[str, Any], files: Sequence[str | Path] = ()) -> Config:
    """Check a merged configuration; ``files`` are the YAML files it was merged from, in order.

    Raises:
        ConfigError: the first thing found wrong.
    """
    try:
        found = Config.model_validate_json(json.dumps(config, default=str), strict=True)
    except ValidationError as error:
        raise _schema_error(error, config, files) from None
    for key, problem in _problems(found):
        raise _error(key, problem, config, files)
    return found


def installed_version(package: str) -> str | None:
    """The version of an installed package, None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


Key = tuple[str | int, ...]


def _problems(config: Config) -> Iterator[tuple[Key, str]]:
    """What the schema's types cannot say: keys that must fit other keys."""
    yield from _source_problems(config)
    yield from _synbio_problems(config.synbio)
    if config.evaluation.templates == "heldout" and not config.synbio.heldout_templates:
        yield ("evaluation", "templates"), "needs synbio.heldout_templates of 1 to 4"
    for name, table in config.laws.items():
        if not Path(table.runs).is_file():
            yield ("laws", name, "runs"), "no such file"
    if config.hardware_file is not None and not Path(config.hardware_file).is_file():
        yield ("hardware_file",), "no such file"
    for size in config.hardware.cells:
        if size not in config.models:
            yield ("hardware", "cells", size), "is no key of models" + _nearest(size, config.models)
    for name, experiment in config.experiments.items():
        yield from _experiment_problems(("experiments", name), experiment, config)


def _source_problems(config: Config) -> Iterator[tuple[Key, str]]:
    web, tokenizer = config.web, config.tokenizer
    if getattr(tokenizer, tokenizer.source) is None:
        yield ("tokenizer", "source"), f"needs the section tokenizer.{tokenizer.source}"
    if getattr(web, web.section) is None:
        yield ("web", "source"), f"needs the section web.{web.section}"
    elif web.hub and web.source == "hub" and web.train_tokens > web.hub.megabytes * 1e6:
        yield ("web", "train_tokens"), f"is more than the {web.hub.megabytes:g} MB of web.hub.megabytes can hold"
    elif web.installed_docs and web.source == "installed-docs":
        for i, package in enumerate(web.installed_docs.packages):
            if not installed_version(package):
                yield ("web", "installed_docs", "packages", i), "is not installed; name packages of envs/lock.txt"
    elif web.files and web.source == "files":
        yield from _file_problems(web.files)


def _file_problems(files: TextFiles) -> Iterator[tuple[Key, str]]:
    for i, pattern in enumerate(files.paths):
        found = matching_files([pattern])
        if not found:
            yield ("web", "files", "paths", i), "matches no file"
        if not all(path.endswith(tuple(TEXT_FILES)) for path in found):
            yield ("web", "files", "paths", i), f"matches files that are none of {', '.join(TEXT_FILES)}"


def _synbio_problems(synbio: SynBioConfig) -> Iterator[tuple[Key, str]]:
    for part, count in synbio.domains:
        if part == "birth_years":
            if count[0] > count[1]:
                yield ("synbio", "domains", part), "must be the first and the last year, in this order"
        elif not 1 <= count <= len(words(part)):
            yield ("synbio", "domains", part), f"must be from 1 to {len(words(part))}"
    names = synbio.domains.unique_names
    for name, dataset in synbio.datasets.items():
        if dataset.people > names:
            yield ("synbio", "datasets", name, "people"), f"is more than the {names} unique names of synbio.domains"


def _experiment_problems(key: Key, experiment: Experiment, config: Config) -> Iterator[tuple[Key, str]]:
    if experiment.dataset not in config.synbio.datasets:
        yield (*key, "dataset"), "is no key of synbio.datasets" + _nearest(experiment.dataset, config.synbio.datasets)
    yield from _horizon_problems((*key, "horizons"), experiment)
    evaluation, context = config.evaluation, experiment.recipe.context
    for where, tokens in (
        (("evaluation", "web_tokens"), evaluation.web_tokens),
        (("evaluation", "bio_tokens"), evaluation.bio_tokens),
        (("evaluation", "curve", "tokens"), evaluation.curve.tokens),
    ):
        if tokens < context:
            yield where, f"must be at least the context, {context} tokens"
    for b, block in enumerate(experiment.grid.root):
        for i, size in enumerate(block.sizes):
            devices, rows = config.hardware.allocation(size).all_devices, experiment.recipe.batch_size
            if size not in config.models:
                yield (*key, "grid", b, "sizes", i), "is no key of models" + _nearest(size, config.models)
            elif rows % devices:
                yield (
                    ("hardware", "cells", size),
                    f"gives {devices} devices, which cannot share the batch of {key[-1]}, {rows} rows, evenly",
                )
        for i, ratio in enumerate(block.ratios):
            problem = _ratio_problem(ratio, experiment.recipe, config.web.train_tokens)
            if problem:
                yield (*key, "grid", b, "ratios", i), problem


def _horizon_problems(key: Key, experiment: Experiment) -> Iterator[tuple[Key, str]]:
    horizons, recipe = experiment.horizons, experiment.recipe
    if not horizons:
        return
    if recipe.schedule != "wsd":
        yield key, f"needs the schedule wsd: runs of schedule {recipe.schedule} share no trunk"
    if horizons != sorted(set(horizons)):
        yield key, "must rise"
    if horizons[-1] != recipe.tokens:
        yield key, f"must end with the recipe's tokens, {recipe.tokens}"
    for i, tokens in enumerate(horizons):
        if recipe.model_copy(update={"tokens": tokens}).cooldown_step <= recipe.warmup_steps:
            yield (*key, i), "has its cooldown within the warm-up steps"


def _ratio_problem(ratio: float, recipe: Recipe, train_tokens: int) -> str | None:
    if not 0 <= ratio <= 1:
        return "must be from 0 to 1"
    needed = Segments(ratio, recipe.batch_tokens).web_tokens(recipe.steps)
    if needed <= train_tokens:
        return None
    total = recipe.steps * recipe.batch_tokens
    return (
        f"needs (1 − {ratio:g}) × {total:,} tokens of web text, seen once each, in whole segments {needed:,};"
        f" web.train_tokens is {train_tokens:,}"
    )


def _schema_error(error: ValidationError, config: Mapping[str, Any], files: Sequence[str | Path]) -> ConfigError:
    first = error.errors()[0]
    key: Key = first["loc"]
    if first["type"] == "extra_forbidden":
        allowed = _fields(key[:-1])
        return _error(key, f"unknown key{_nearest(str(key[-1]), allowed)}", config, files)
    if first["type"] == "missing":
        return _error(key, "missing: it must be given", config, files)
    message = first["msg"].removeprefix("Value error, ")
    value = _get(config, key)
    if isinstance(value, str) and first["type"] in ("float_type", "int_type") and _is_number(value):
        message += "; YAML reads this as text: write 1.0e-3 for 1e-3, 1_000_000 for 1e6"
    return _error(key, message[0].lower() + message[1:], config, files)


def _error(key: Key, problem: str, config: Mapping[str, Any], files: Sequence[str | Path]) -> ConfigError:
    value = _get(config, key)
    shown = "" if value is None or isinstance(value, Mapping) else f" = {value!r}"
    return ConfigError(f"{_file_of(key, files)}: {'.'.join(map(str, key))}{shown}: {problem}")


def _fields(key: Key) -> list[str]:
    """The keys allowed in the section at ``key``."""
    kind: Any = Config
    for part in key:
        annotation = kind.model_fields[part].annotation if _is_schema(kind) and part in kind.model_fields else kind
        candidates = [annotation, *getattr(annotation, "__args__", ())]
        kind = next((c for c in reversed(candidates) if _is_schema(c)), annotation)
    return list(kind.model_fields) if _is_schema(kind) else []


def _is_schema(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _nearest(word: str, allowed: Sequence[str] | Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(word, list(allowed), n=1)
    choice = f"; did you mean {close[0]!r}?" if close else ";"
    return f"{choice} allowed: {', '.join(allowed)}"


def _get(config: Any, key: Key) -> Any:
    for part in key:
        try:
            config = config[part]
        except (KeyError, IndexError, TypeError):
            return None
    return config


def _file_of(key: Key, files: Sequence[str | Path]) -> str:
    """The last file that holds the longest part of ``key``: where the user has to look."""
    there = [file for file in files if Path(file).is_file()]
    texts = [(file, yaml.safe_load(Path(file).read_text(encoding="utf-8"))) for file in there]
    for length in range(len(key), 0, -1):
        for file, content in reversed(texts):
            if _get(content, key[:length]) is not None:
                return str(file)
    return str(files[-1]) if files else "configuration"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
