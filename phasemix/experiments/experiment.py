"""What every kind of experiment says of itself to the configuration, to planning and to the rules.

A kind is a folder here, found by its name. ``spec.py`` holds ``Spec``, an :class:`Experiment`, light to import;
``rules.smk`` its own rules. Beside them stand, where the kind has them:

- ``tables.py``: ``write(cells, options, folder)`` makes its tables from the generic ones, unless its own rules make
  them; ``Tables.read(folder, options)`` is what its figures are drawn from;
- ``findings.py``: ``measure(folder, options)`` is what it measured, for the claims, as ``findings.json`` holds it;
- ``figures/<name>.py``: ``draw(tables)`` is a figure, ``tables`` being those of ``tables.py``, or their folder if there
  is none; its title is the first line of the module's docstring, its caption ``<name>.rst``;
- ``section.html``: its section of the report, and ``section.py``: ``values(folder, options)`` is what it needs. A kind
  without them has a section that shows its figures and names its tables.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from phasemix.base.schema import Schema
from phasemix.study.analysis import Analysis
from phasemix.study.cell import Cell, Recipe, Start
from phasemix.study.cell_key import HORIZON, CellKey, Value
from phasemix.study.evaluation import Evaluation
from phasemix.study.layout import Layout
from phasemix.study.mixture import MixtureSpec

if TYPE_CHECKING:
    from phasemix.study.config import Config

KINDS_FOLDER = Path(__file__).parent
FINDINGS = "findings.json"
Problem = tuple[tuple[str | int, ...], str]
"""A key below that of the section which is checked, and what is wrong with its value."""


@dataclass(frozen=True)
class ModelJob:
    """A job in which a language model of others answers.

    Attributes:
        stage: whether the model answers, or judges answers.
        asked: whose answers these are; their folder has its name (:meth:`phasemix.study.layout.Layout.asked`).
        model: the name of the model that runs, which ``hardware.cells`` may give more devices.
        parameters: of that.
        tokens: that it reads and writes, about.
        hub: its name on the hub, from which it is fetched; None: it is here.
    """

    stage: Literal["answer", "judge"]
    asked: str
    model: str
    parameters: float
    tokens: int
    hub: str | None


class Experiment(Schema):
    """An experiment of any kind; this one trains nothing.

    Attributes:
        kind: the name of the kind's folder.
        analysis: how sure its intervals shall be; None: what the study says.
        chosen: which of its settings were chosen after looking at results, and how, for the report.
        tables: class attribute; the files of its tables, below ``tables/<experiment>/``, beside the generic ones and
            ``findings.json``.
    """

    kind: str
    analysis: Analysis | None = None
    chosen: str | None = None
    tables: ClassVar[tuple[str, ...]] = ()

    @property
    def cells(self) -> list[CellKey]:
        """The cells that it trains, each once."""
        return []

    @property
    def model_jobs(self) -> list[ModelJob]:
        """The jobs in which it has models of others answer; a model is asked before its answers are judged."""
        return []

    @property
    def sources(self) -> list[str]:
        """The sources that it, or its cells, read."""
        return []

    @property
    def options(self) -> dict[str, Any]:
        """What its tables, findings and section depend on beside the cells, as JSON."""
        return {}

    @property
    def figures(self) -> list[str]:
        """The names of its kind's figures that there is something to draw in."""
        return list(figures(self.kind))

    @property
    def reads(self) -> list[str]:
        """The experiments from whose tables its own are made."""
        return []

    @property
    def needs(self) -> list[str]:
        """The experiments that must be run before it."""
        return self.reads

    def problems(self, config: Config) -> Iterator[Problem]:  # noqa: ARG002 (others need it)
        """What is wrong with it that types cannot say."""
        yield from ()

    def reads_problems(self, config: Config) -> Iterator[Problem]:  # noqa: ARG002 (others need it)
        """What is wrong with the experiments that it reads, for it; of no matter where it is not run."""
        yield from ()

    def missing(self) -> Iterator[Problem]:
        """What it needs and is not there, files or libraries of the user's; of no matter for its price."""
        yield from ()


class Training(Experiment):
    """An experiment that trains cells.

    An axis of its cells that has the name of a part of the recipe, such as ``batch_size``, says what that part is in
    a cell.

    Cells that differ in the axis ``tokens`` alone, their horizons, share a trunk at WSD's constant learning rate, from
    which each branches off where its own cooldown begins.

    Attributes:
        tokenizer: the name of its tokenizer.
        recipe: how its cells are trained.
        start: the weights that its cells begin with; None: fresh ones.
        evaluation: what its cells are asked; None: what the study says.
    """

    tokenizer: str
    recipe: Recipe
    start: Start | None = None
    evaluation: Evaluation | None = None

    def mixture(self, key: CellKey) -> MixtureSpec:
        """What a cell reads; its file, if it has one, as the configuration names it."""
        raise TypeError(f"experiments of kind {self.kind} must say what {key.format()} reads")

    def missing(self) -> Iterator[Problem]:
        """Weights to start from that are not there."""
        if self.start and self.start.weights and not self.start.weights.is_file():
            yield ("start", "run"), "has no model/model.safetensors; a cell of this study is named by experiment"

    @cached_property
    def sources(self) -> list[str]:
        """The sources of all its cells' mixtures."""
        return list(dict.fromkeys(source for key in self.cells for source in self.mixture(key).sources))

    @property
    def needs(self) -> list[str]:
        """The experiments whose tables it reads, and the one whose weights its cells begin with."""
        return [*self.reads, *([self.start.experiment] if self.start and self.start.experiment else [])]

    def recipe_of(self, key: CellKey) -> Recipe:
        """The recipe of a cell: the experiment's, with what the key says of its parts.

        Raises:
            ValidationError: of pydantic, if that makes an impossible recipe.
        """
        changes = self.recipe_changes(key)
        if changes not in self._recipes:
            self._recipes[changes] = Recipe.model_validate(self.recipe.model_dump() | dict(changes))
        return self._recipes[changes]

    def recipe_changes(self, key: CellKey) -> tuple[tuple[str, Value], ...]:
        """The parts of the recipe that a cell has of its own, and their values: by default those that its key names."""
        return tuple((axis, value) for axis, value in key.pairs if axis in Recipe.model_fields)

    @cached_property
    def _recipes(self) -> dict[tuple[tuple[str, Value], ...], Recipe]:
        return {}

    def start_of(self, key: CellKey, config: Config) -> Start | None:
        """The weights that a cell begins with: a folder, or a model of the hub; None for fresh ones."""
        begun = self.begins_with(key, config)
        if begun is None:
            return self.start
        return Start(run=Layout(config.scale).of_cell("runs", *begun))

    def begins_with(self, key: CellKey, config: Config) -> tuple[str, CellKey] | None:
        """The experiment and the cell whose weights a cell begins with, if they are of this study."""
        if self.start is None or self.start.experiment is None:
            return None
        name = self.start.experiment
        return name, config.training[name].by_size_and_seed[key.size, key.seed][0]

    @cached_property
    def by_size_and_seed(self) -> dict[tuple[str, int], list[CellKey]]:
        """Its cells of every size and seed."""
        found: dict[tuple[str, int], list[CellKey]] = {}
        for key in self.cells:
            found.setdefault((key.size, key.seed), []).append(key)
        return found

    def trunk_before(self, key: CellKey) -> CellKey | None:
        """The cell with the next shorter horizon, at whose trunk this one's begins; None for the first."""
        assert key.horizon is not None
        shorter = [tokens for tokens in self._horizons[key.without(HORIZON)] if tokens < key.horizon]
        return key.at(tokens=max(shorter)) if shorter else None

    @cached_property
    def _horizons(self) -> dict[CellKey, list[int]]:
        """The horizons of all cells that share a trunk, by what their keys share."""
        found: dict[CellKey, list[int]] = {}
        for key in self.cells:
            if key.horizon is not None:
                found.setdefault(key.without(HORIZON), []).append(key.horizon)
        return found

    def placed_mixture(self, key: CellKey, config: Config) -> MixtureSpec:
        """What a cell reads, and the files of its mixture where they lie."""
        mixture = self.mixture(key)
        if not mixture.files:
            return mixture
        name = next(name for name, each in config.experiments.items() if each is self)
        return mixture.placed(Layout(config.scale).results, name)

    def cell(self, key: CellKey, config: Config) -> Cell:
        """The specification of a cell."""
        mixture = self.placed_mixture(key, config)
        return Cell(
            size=key.size,
            architecture=config.models[key.size],
            mixture=mixture,
            sources={name: config.sources[name].training for name in mixture.sources},
            seed=key.seed,
            root_seed=config.seed,
            recipe=self.recipe_of(key),
            curve=self.evaluated(config).on_the_way,
            start=self.start_of(key, config),
        )

    def evaluated(self, config: Config) -> Evaluation:
        """What its cells are asked."""
        return self.evaluation or config.evaluation


@cache
def kinds() -> list[str]:
    """The names of all kinds."""
    return sorted(path.parent.name for path in KINDS_FOLDER.glob("*/spec.py"))


@cache
def spec_of(kind: str) -> type[Experiment]:
    """The configuration of a kind."""
    found: type[Experiment] = import_module(f"phasemix.experiments.{kind}.spec").Spec
    return found


@cache
def figures(kind: str) -> dict[str, str]:
    """The figures of a kind and their titles: the first line of each module, which is not imported for that."""
    found = {}
    for path in sorted((KINDS_FOLDER / kind / "figures").glob("[!_]*.py")):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stem
        found[path.stem] = words.splitlines()[0].removesuffix(".")
    return found


@cache
def rules_of(kind: str) -> list[str]:
    """The file of a kind's own rules, if it has one."""
    return [str(path) for path in (KINDS_FOLDER / kind).glob("rules.smk")]


def module_of(kind: str, name: str) -> str | None:
    """A module of a kind, such as ``phasemix.experiments.transition.tables``, or None if it has none of that name."""
    return f"phasemix.experiments.{kind}.{name}" if (KINDS_FOLDER / kind / f"{name}.py").is_file() else None


def own_tables(kind: str) -> list[str]:
    """The tables of a kind, its findings last."""
    return [*spec_of(kind).tables, *([FINDINGS] if module_of(kind, "findings") else [])]


@cache
def writes_tables(kind: str) -> bool:
    """Whether ``tables.py`` of a kind makes its tables; otherwise its own rules do. The module is not imported."""
    path = KINDS_FOLDER / kind / "tables.py"
    nodes = ast.parse(path.read_text(encoding="utf-8")).body if path.is_file() else []
    return any(isinstance(node, ast.FunctionDef) and node.name == "write" for node in nodes)


def drawn_by(kind: str, figure: str) -> list[str]:
    """The modules that draw a figure: its own, and what reads the tables."""
    own = f"phasemix.experiments.{kind}.figures.{figure}"
    return [own, *filter(None, [module_of(kind, "tables")])]


def written_by(kind: str) -> list[str]:
    """The modules that write a kind's section."""
    return ["phasemix.report.section", *filter(None, [module_of(kind, "section")])]


@cache
def templates(kind: str) -> list[str]:
    """The texts of a kind: its section's template and all captions."""
    folder = KINDS_FOLDER / kind
    return sorted(str(path) for ending in ("*.html", "*.rst") for path in folder.rglob(ending))
