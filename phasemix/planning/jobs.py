"""The training and evaluation jobs of a study: what each computes, and which waits for which."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from phasemix.experiments.experiment import Training
from phasemix.model.flops_per_token import forward_flops_per_token, training_flops_per_token
from phasemix.study.cell import Recipe
from phasemix.study.cell_key import CellKey
from phasemix.study.config import Config

Stage = Literal["trunk", "train", "evaluate"]

QUESTION_TOKENS = 20  # of a sentence about a person


class JobKey(NamedTuple):
    """One job: a stage of one cell."""

    stage: Stage
    experiment: str
    cell: CellKey


class Job(NamedTuple):
    """What a job computes: ``tokens`` trained on, FLOPs of training on them and of evaluating; ``after`` which job."""

    tokens: int
    training: int
    evaluating: int
    after: JobKey | None

    @property
    def flops(self) -> int:
        """All that it computes."""
        return self.training + self.evaluating


def jobs(config: Config, experiments: Iterable[str] | None = None) -> dict[JobKey, Job]:
    """Every job of some experiments once (None: of those that the study runs); none stands before what it waits for."""
    names = config.running if experiments is None else experiments
    return {
        key: job
        for name in names
        if name in config.training
        for key, job in _jobs_of(name, config.training[name], config)
    }


def tails(found: dict[JobKey, Job]) -> dict[JobKey, int]:
    """For every job, the FLOPs from its start to the end of the longest chain of jobs that wait for it."""
    longest: dict[JobKey, int] = {}
    behind: dict[JobKey, int] = {}
    for key, job in reversed(found.items()):
        longest[key] = job.flops + behind.get(key, 0)
        if job.after is not None:
            behind[job.after] = max(behind.get(job.after, 0), longest[key])
    return longest


def vocabulary(config: Config, experiment: Training) -> int:
    """The entries of an experiment's tokenizer."""
    return config.tokenizers[experiment.tokenizer].vocabulary


def questions(config: Config, experiment: Training, sample: int | None) -> int:
    """The questions about a sample of so many subjects of each source; None asks about all."""
    sources = [config.source(name) for name in experiment.sources]
    return sum(min(sample or each.subjects, each.subjects) * each.questions_per_subject for each in sources)


def _jobs_of(name: str, experiment: Training, config: Config) -> Iterator[tuple[JobKey, Job]]:
    evaluation, sources = experiment.evaluated(config), len(experiment.sources)
    curve = evaluation.curve
    asked_on_the_way = QUESTION_TOKENS * questions(config, experiment, curve.subjects) + sources * curve.loss_tokens
    asked = QUESTION_TOKENS * questions(config, experiment, evaluation.subjects) + sources * evaluation.loss_tokens
    context, entries = experiment.recipe.context, vocabulary(config, experiment)
    forward = {
        size: forward_flops_per_token(config.models[size], entries, context)
        for size in {cell.size for cell in experiment.cells}
    }
    both = {size: training_flops_per_token(config.models[size], entries, context) for size in forward}

    def training(cell: CellKey, recipe: Recipe, first: int, until: int, after: JobKey | None) -> Job:
        tokens = (until - first) * recipe.batch_tokens
        points = max(1, round(recipe.evaluation_points * (until - first) / recipe.steps))
        return Job(tokens, tokens * both[cell.size], points * asked_on_the_way * forward[cell.size], after)

    for cell in experiment.cells:
        recipe, trunk, first = experiment.recipe_of(cell), None, 0
        if cell.horizon is not None:
            trunk, first = JobKey("trunk", name, cell), recipe.cooldown_step
            before = experiment.trunk_before(cell)
            link = JobKey("trunk", name, before) if before else None
            begun = experiment.recipe_of(before).cooldown_step if before else 0
            yield trunk, training(cell, experiment.recipe, begun, first, link)
        run = JobKey("train", name, cell)
        yield run, training(cell, recipe, first, recipe.steps, trunk)
        yield JobKey("evaluate", name, cell), Job(0, 0, asked * forward[cell.size], run)
