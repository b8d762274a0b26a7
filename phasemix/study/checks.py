"""What the types of the configuration cannot say: keys that must fit other keys."""

from collections.abc import Iterator

from pydantic import ValidationError

from phasemix.base.errors import PhasemixError
from phasemix.base.schema import first_problem
from phasemix.corpora.segments import Segments, Shares
from phasemix.experiments.experiment import Training
from phasemix.study.cell import Curve
from phasemix.study.cell_key import CellKey
from phasemix.study.config import Config, nearest
from phasemix.study.evaluation import Examination

Key = tuple[str | int, ...]
Problem = tuple[Key, str]


def problems(config: Config) -> Iterator[Problem]:
    """Everything that is wrong but with files, the first thing first: the key, and what is wrong with its value."""
    for name, source in config.sources.items():
        yield from _below(("sources", name), source.problems())
    for name in config.tokenizers:
        yield from _below(("tokenizers", name), _tokenizer_problems(name, config))
    asked = [job.model for experiment in config.experiments.values() for job in experiment.model_jobs]
    sizes = list(dict.fromkeys([*config.models, *asked]))
    for size in config.hardware.cells:
        if size not in sizes:
            yield ("hardware", "cells", size), f"names none of the models{nearest(size, sizes)}"
    yield from _run_problems(config)
    for name, experiment in config.experiments.items():
        try:
            _ = experiment.cells
        except (ValueError, PhasemixError) as error:
            yield ("experiments", name), str(error)
            return
        yield from _below(("experiments", name), experiment.problems(config))
        if isinstance(experiment, Training):
            yield from _training_problems(name, experiment, config)
    yield from _needs_problems(config)
    yield from _reads_problems(config)


def file_problems(config: Config) -> Iterator[Problem]:
    """What is wrong with files and libraries of the user's that something which runs needs, as :func:`problems`."""
    for name in config.read:
        yield from _below(("sources", name), config.sources[name].reads_problems())
    for name, experiment in config.needed.items():
        yield from _below(("experiments", name), experiment.missing())


def _reads_problems(config: Config) -> Iterator[Problem]:
    """What only matters where something that runs reads it."""
    for name, experiment in config.needed.items():
        yield from _below(("experiments", name), experiment.reads_problems(config))
        if isinstance(experiment, Training):
            yield from _below(("experiments", name), _run_to_be_read(experiment, config))


def _below(key: Key, found: Iterator[Problem]) -> Iterator[Problem]:
    return ((key + below, problem) for below, problem in found)


def _run_problems(config: Config) -> Iterator[Problem]:
    names = [] if config.run == "all" else config.run
    for name in names:
        if name not in config.experiments:
            yield ("run",), f"{name!r} {config.no_name(name, 'experiments')}"
    if len(set(names)) != len(names):
        yield ("run",), "names an experiment twice"


def _needs_problems(config: Config) -> Iterator[Problem]:
    """Experiments that need what is not there, or, by way of others, themselves."""
    for name, experiment in config.experiments.items():
        waiting, seen = list(experiment.needs), set[str]()
        for needed in waiting:
            if needed not in config.experiments:
                yield ("experiments", name), f"needs {needed!r}, which {config.no_name(needed, 'experiments')}"
                return
            if needed == name:
                yield ("experiments", name), "needs its own results"
                return
            waiting += [] if needed in seen else config.experiments[needed].needs
            seen.add(needed)


def _tokenizer_problems(name: str, config: Config) -> Iterator[Problem]:
    tokenizer = config.tokenizers[name]
    if getattr(tokenizer, tokenizer.origin) is None:
        yield ("origin",), f"needs the section {tokenizer.origin}"
    for source in tokenizer.sources:
        if source not in config.sources:
            yield ("train", "shares", source), config.no_name(source, "sources")
    if tokenizer.train and abs(sum(tokenizer.train.shares.values()) - 1) > 1e-9:
        yield ("train", "shares"), "must sum to 1"


def _training_problems(name: str, experiment: Training, config: Config) -> Iterator[Problem]:
    where: Key = ("experiments", name)
    if experiment.tokenizer not in config.tokenizers:
        yield (*where, "tokenizer"), config.no_name(experiment.tokenizer, "tokenizers")
    unknown = [source for source in experiment.sources if source not in config.sources]
    if unknown:
        yield _source_key(where, experiment, unknown[0]), config.no_name(unknown[0], "sources")
        return
    yield from _below((*where, "start", "experiment"), _start_problems(experiment, config))
    for key in experiment.cells:
        try:
            experiment.recipe_of(key)
        except ValidationError as error:
            yield where, f"{key.text()}: {first_problem(error)}"
            return
        if problem := _branch_problem(key, experiment) or _stopping_problem(key, experiment):
            yield where, f"{key.text()} {problem}"
            return
    at = where if experiment.evaluation else ()
    yield from _below((*at, "evaluation"), _evaluation_problems(experiment, config))
    for size in dict.fromkeys(key.size for key in experiment.cells):
        devices = config.hardware.allocation(size).all_devices
        batches = {experiment.recipe_of(key).batch_size for key in experiment.cells if key.size == size}
        for rows in sorted(rows for rows in batches if rows % devices):
            problem = f"gives {devices} devices, which cannot share the batch of {name}, {rows} rows, evenly"
            yield ("hardware", "cells", size), problem


def _run_to_be_read(experiment: Training, config: Config) -> Iterator[Problem]:
    """Phases without a place, and too little text."""
    for key in experiment.cells:
        problem = _phase_problem(key, experiment) or _text_problem(key, experiment, config)
        if problem:
            yield (), problem


def _source_key(where: Key, experiment: Training, source: str) -> Key:
    """The key in an experiment's section that names a source, as a value or in a list."""
    for field, value in experiment:
        if value == source:
            return (*where, field)
        if isinstance(value, list) and source in value:
            return (*where, field, value.index(source))
    return where


def _branch_problem(key: CellKey, experiment: Training) -> str | None:
    """What is wrong with where a cell branches off its trunk."""
    recipe = experiment.recipe_of(key)
    if key.horizon is None:
        return None
    if recipe.schedule != "wsd":
        return f"has the schedule {recipe.schedule}, and runs of it share no trunk"
    if recipe.warmup_fraction is not None:
        return "shares its warm-up with other horizons, so it needs warmup_steps: it is no fraction of each"
    if recipe.cooldown_step <= recipe.warmup:
        return "has its cooldown within the warm-up steps"
    return None


def _stopping_problem(key: CellKey, experiment: Training) -> str | None:
    """What is wrong with when a cell stops early."""
    stopping = experiment.recipe_of(key).early_stopping
    if stopping is None:
        return None
    if stopping.source not in experiment.mixture(key).sources:
        return f"stops early by the loss on {stopping.source}, which it does not read"
    if key.horizon is not None:
        return "has a horizon, and runs that share a trunk do not stop early"
    return None


def _start_problems(experiment: Training, config: Config) -> Iterator[Problem]:
    """Cells that begin with those of an experiment which trains none, of other tokenizers, or not one for each."""
    start = experiment.start
    if start is None or start.experiment is None:
        return
    name, begun = start.experiment, config.training.get(start.experiment)
    if begun is None:
        yield (), f"is no experiment that trains cells{nearest(name, config.training)}"
    elif begun.tokenizer != experiment.tokenizer:
        yield (), f"has another tokenizer, {begun.tokenizer}"
    else:
        for key in experiment.cells:
            count = len(begun.by_size_and_seed.get((key.size, key.seed), []))
            if count != 1:
                yield (), f"has {count} cells of size {key.size} and seed {key.seed}; it must have one"
                return


def _evaluation_problems(experiment: Training, config: Config) -> Iterator[Problem]:
    evaluation = experiment.evaluated(config)
    context = max(experiment.recipe_of(key).context for key in experiment.cells)
    asked = [source for source in map(config.source, experiment.sources) if source.subjects]
    parts: list[tuple[Key, Examination | Curve]] = [((), evaluation), (("curve",), evaluation.on_the_way)]
    for key, part in parts:
        if part.loss_tokens < context:
            yield (*key, "loss_tokens"), f"must be at least the context, {context} tokens"
        if part.questions == "heldout" and asked and not any(source.holds_out_wordings for source in asked):
            yield (*key, "questions"), "needs a source with wordings that training never shows (heldout_templates)"
        if part.questions == "shown" and asked and not all(source.shows_wordings for source in asked):
            yield (*key, "questions"), "must be all or heldout: a source is asked in words that training never shows"


def _phase_problem(key: CellKey, experiment: Training) -> str | None:
    """What is wrong with where a cell's mixture changes: only between segments, of which a run has so many."""
    recipe, mixture = experiment.recipe_of(key), experiment.mixture(key)
    segments = Segments(recipe.batch_tokens)
    starts = [0, *(round((phase.until or 0) / segments.tokens) for phase in mixture.phases[:-1])]
    if starts != sorted(set(starts)) or starts[-1] >= segments.touched(recipe.steps):
        return (
            f"{key.text()}: a phase of its mixture has no place: mixtures change every {segments.tokens:,} tokens, and"
            f" the run has {recipe.steps * recipe.batch_tokens:,}; choose other values of until"
        )
    return None


def _text_problem(key: CellKey, experiment: Training, config: Config) -> str | None:
    """What is wrong with how much text a cell needs of a source that must not repeat."""
    recipe, mixture = experiment.recipe_of(key), experiment.mixture(key)
    shares = Shares.of(mixture, Segments(recipe.batch_tokens)).tokens(recipe.steps)
    if not mixture.known:  # what it will need may be everything
        shares = dict.fromkeys(shares, sum(shares.values()))
    for source, needed in shares.items():
        least = None if config.source(source).repeats else config.source(source).least_tokens
        if least is not None and needed > least:
            total = recipe.steps * recipe.batch_tokens
            may_be = "are" if mixture.known else "may be"
            return (
                f"{key.text()}: of {total:,} tokens in whole segments {needed:,} {may_be} of {source}, seen once each;"
                f" sources.{source}.train_tokens is {least:,}"
            )
    return None
