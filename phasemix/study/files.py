"""Which files the jobs of a study read and make, as paths below the checkout."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from phasemix.base.files import sha256
from phasemix.experiments.experiment import own_tables
from phasemix.study.cell_key import CellKey
from phasemix.study.config import Config
from phasemix.study.layout import Layout

GENERIC = ("cells.csv", "curves.csv", "runs.csv", "facts.json")
"""The tables that every experiment has which trains cells (:mod:`phasemix.experiments.cells_table`)."""
PICTURES = ("svg", "png")


@dataclass(frozen=True)
class Files:
    """The files of a study."""

    study: Config

    @property
    def layout(self) -> Layout:
        """Where they lie."""
        return Layout(self.study.scale)

    def of_cells(self, experiment: str, stage: str, *names: str) -> list[str]:
        """These files of every cell of an experiment in a stage."""
        cells = self.study.experiments[experiment].cells
        return [f"{self.layout.of_cell(stage, experiment, cell)}/{name}" for cell in cells for name in names]

    def generic_tables(self, experiment: str) -> list[str]:
        """The tables of an experiment's cells, if it has any."""
        folder = self.layout.tables(experiment)
        return [f"{folder}/{table}" for table in GENERIC if self.study.experiments[experiment].cells]

    def tables(self, experiment: str) -> list[str]:
        """All tables of an experiment; its findings are one of them."""
        kind = self.study.experiments[experiment].kind
        return self.generic_tables(experiment) + [
            f"{self.layout.tables(experiment)}/{name}" for name in own_tables(kind)
        ]

    def tables_read(self, experiment: str) -> list[str]:
        """The tables of other experiments that its own are made from."""
        return [table for name in self.study.experiments[experiment].reads for table in self.tables(name)]

    def figures(self, experiment: str) -> list[str]:
        """The pictures of an experiment."""
        names = self.study.experiments[experiment].figures
        return [f"{self.layout.figure(experiment, name)}.{ending}" for name in names for ending in PICTURES]

    def data(self, experiment: str, cell: CellKey, beside: str = "") -> list[str]:
        """The folders of the tokenizer and the sources that a cell reads, or what stands ``beside`` each."""
        trained = self.study.training[experiment]
        return [
            self.layout.tokenizer(trained.tokenizer) + beside,
            *self.texts(trained.mixture(cell).sources, trained.tokenizer, beside),
        ]

    def texts(self, sources: Iterable[str], tokenizer: str, beside: str = "") -> list[str]:
        """The folders of the corpus and the tokens of every source, or what stands ``beside`` each."""
        layout = self.layout
        return [
            folder + beside
            for source in sources
            for folder in (layout.corpus(source), layout.tokens(tokenizer, source))
        ]

    def begun_with(self, experiment: str, cell: CellKey, name: str = "model") -> list[str]:
        """A file, or the model, of the run of this study whose weights a cell begins with, if there is one."""
        begun = self.study.training[experiment].begins_with(cell, self.study)
        return [f"{self.layout.of_cell('runs', *begun)}/{name}"] if begun else []

    def reference(self, experiment: str, cell: CellKey) -> list[str]:
        """The reference model of a cell's controller, if it has one."""
        steering = self.study.training[experiment].placed_mixture(cell, self.study).steering
        return [f"{steering.reference}/model"] if steering and steering.reference else []

    def beginning(self, experiment: str, cell: CellKey) -> list[str]:
        """What a cell begins with beside its data, as files that are compared by content.

        They are the manifest of a run of this study, or the weights of another, with whose weights it begins, and the
        files that its mixture reads.
        """
        trained = self.study.training[experiment]
        found = self.begun_with(experiment, cell, "manifest.json")
        if trained.start and trained.start.weights:
            found.append(str(trained.start.weights))
        return [*found, *trained.placed_mixture(cell, self.study).files]

    def relatives(self, source: str, beside: str = "") -> list[str]:
        """The corpora of a source's family that are named before it, or what stands ``beside`` each."""
        sources = self.study.sources
        family, names = sources[source].family_name, list(sources)
        earlier = names[: names.index(source)] if family else []
        return [self.layout.corpus(name) + beside for name in earlier if sources[name].family_name == family]

    def sampled_corpora(self, tokenizer: str, beside: str = "") -> list[str]:
        """The corpora that a tokenizer takes its texts from, or what stands ``beside`` each."""
        names = self.study.tokenizers[tokenizer].sources
        return [self.layout.corpus(name) + beside for name in names if self.study.sources[name].sampled_from_corpus]

    def tokens_needed(self, source: str) -> tuple[int, int]:
        """The tokens of training and of held-out text that a source must give.

        Held-out text is what the experiments ask for that the study needs; what others would ask for does not matter.
        Of texts that are shown over and over as much is made as is asked for.
        """
        least = self.study.sources[source].least_tokens
        if least is None:
            return 0, 0
        readers = [each for name, each in self.study.training.items() if name in self.study.needed]
        asked = [each.evaluated(self.study) for each in readers if source in each.sources] or [self.study.evaluation]
        heldout = max(max(each.heldout_from + each.loss_tokens, each.curve.loss_tokens) for each in asked)
        mixtures = [each.mixture(key) for each in readers if source in each.sources for key in each.cells]
        steered = max((one.steering.loss_tokens or 0 for one in mixtures if one.steering), default=0)
        return least, max(heldout, steered)

    def options(self, experiment: str) -> str:
        """What an experiment's tables, findings, figures and section depend on beside its cells, as JSON.

        To the kind's own options are added those of intervals, ``questions``, which ones count where any are asked, and
        ``reads``, the folders of the tables that it reads by experiment.
        """
        found = self.study.experiments[experiment]
        options = dict(found.options)
        if found.cells:
            options["questions"] = self.study.training[experiment].evaluated(self.study).questions
        if found.reads:
            options["reads"] = {name: self.layout.tables(name) for name in found.reads}
        analysis = found.analysis or self.study.analysis
        return json.dumps({**options, **analysis.model_dump(), "seed": self.study.seed})

    def shown(self) -> dict[str, str]:
        """The experiments in the report and the ledger, with their kinds.

        They are those that the study runs, and those whose results an earlier run has left.
        """
        study = self.study
        return {
            name: each.kind
            for name, each in study.experiments.items()
            if name in study.running or _all_there([self.layout.section(name), *self.tables(name)])
        }

    def left(self, shown: Iterable[str]) -> dict[str, str]:
        """Of those ``shown`` that an earlier run has left, the checksums of section and findings, by path."""
        names = [name for name in shown if name not in self.study.running]
        paths = [path for name in names for path in (self.layout.section(name), *self.tables(name)[-1:])]
        return {path: sha256(path) for path in paths}


def _all_there(paths: Sequence[str]) -> bool:
    return all(Path(path).exists() for path in paths)
