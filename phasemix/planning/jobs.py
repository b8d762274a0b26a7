"""The training and evaluation jobs of a study: what each computes, and which waits for which."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from phasemix.model.flops_per_token import forward_flops, training_flops
from phasemix.study.cell import Recipe
from phasemix.study.config import Config, Experiment
from phasemix.study.grid import CellKey
from phasemix.tasks.synbio.people import ATTRIBUTES, TEMPLATES_PER_ATTRIBUTE

Stage = Literal["trunk", "train", "evaluate"]

UNKNOWN_VOCABULARY = 50_304  # of a tokenizer of the hub, which is not read while planning: Pythia's
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


def jobs(config: Config) -> dict[JobKey, Job]:
    """Every job of a study once; none stands before the one that it waits for."""
    return {
        key: job for name, experiment in config.experiments.items() for key, job in _jobs_of(name, experiment, config)
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


def vocabulary(config: Config) -> int:
    """The entries of a study's tokenizer."""
    train = config.tokenizer.train if config.tokenizer.source == "train" else None
    return train.vocabulary if train else UNKNOWN_VOCABULARY


def questions(sample: int | None, people: int) -> int:
    """The questions about a sample of so many people; None asks about everybody."""
    return min(sample or people, people) * len(ATTRIBUTES) * TEMPLATES_PER_ATTRIBUTE


def _jobs_of(name: str, experiment: Experiment, config: Config) -> Iterator[tuple[JobKey, Job]]:
    people = config.synbio.datasets[experiment.dataset].people
    curve, last = config.evaluation.curve, config.evaluation
    asked_on_the_way = QUESTION_TOKENS * questions(curve.people, people) + 2 * curve.tokens
    asked = QUESTION_TOKENS * questions(last.people, people) + last.web_tokens + last.bio_tokens
    context, entries = experiment.recipe.context, vocabulary(config)

    def training(cell: CellKey, recipe: Recipe, first: int, until: int, after: JobKey | None) -> Job:
        architecture, tokens = config.models[cell.size], (until - first) * recipe.batch_tokens
        points = max(1, round(recipe.evaluation_points * (until - first) / recipe.steps))
        evaluating = points * asked_on_the_way * forward_flops(architecture, entries, context)
        return Job(tokens, tokens * training_flops(architecture, entries, context), evaluating, after)

    for cell in experiment.cells:
        recipe, trunk, first = experiment.recipe_to(cell.horizon), None, 0
        if cell.horizon:
            trunk, first = JobKey("trunk", name, cell), recipe.cooldown_step
            before = experiment.horizon_before(cell.horizon)
            link = JobKey("trunk", name, cell._replace(horizon=before)) if before else None
            begun = experiment.recipe_to(before).cooldown_step if before else 0
            yield trunk, training(cell, experiment.recipe, begun, first, link)
        run = JobKey("train", name, cell)
        yield run, training(cell, recipe, first, recipe.steps, trunk)
        evaluating = asked * forward_flops(config.models[cell.size], entries, context)
        yield JobKey("evaluate", name, cell), Job(0, 0, evaluating, run)
