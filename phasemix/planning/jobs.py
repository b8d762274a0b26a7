"""The jobs of a study's models: what each computes, and which waits for which."""

from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Literal, NamedTuple

from phasemix.experiments.asking import Asking
from phasemix.experiments.experiment import Experiment, ModelJob, Training
from phasemix.model.flops_per_token import forward_flops_per_token, training_flops_per_token
from phasemix.study.cell import Curve, Recipe
from phasemix.study.cell_key import CellKey
from phasemix.study.config import Config
from phasemix.study.evaluation import Examination

Stage = Literal["trunk", "train", "evaluate", "ask", "answer", "judge"]

MODEL_STAGES: tuple[Stage, ...] = ("answer", "judge")
"""Of language models of others."""
QUESTION_TOKENS = 20  # of a sentence about a person
FLOPS_PER_PARAMETER = 2  # and token, of a forward pass of a model whose architecture is not known here


class JobKey(NamedTuple):
    """One job: a stage of one cell; ``by`` names the experiment that asks another's model, in the stage ``ask``.

    What stands for a cell in a stage of language models of others is said by :func:`key_of_model`.
    """

    stage: Stage
    experiment: str
    cell: CellKey
    by: str = ""

    @property
    def owner(self) -> str:
        """The experiment that the job is done for."""
        return self.by or self.experiment


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
    """Every job of some experiments and of those that they need; none stands before what it waits for.

    Without names, of the experiments that the study runs.
    """
    names = config.needed if experiments is None else config.in_order(experiments)
    found: dict[JobKey, Job] = {}
    for name in names:
        experiment = config.experiments[name]
        if isinstance(experiment, Training):
            found.update(_jobs_of(name, experiment, config))
        elif isinstance(experiment, Asking):
            found.update(_asking(name, experiment, config))
        found.update(_model_jobs_of(name, experiment))
    return found


def key_of_model(job: ModelJob) -> CellKey:
    """What stands for a cell in the keys of a model's jobs: the model that runs as the size, and who is asked."""
    return CellKey.of(size=job.model, model=job.asked)


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


def questions(config: Config, sources: Iterable[str], sample: int | None) -> int:
    """The questions about a sample of so many subjects of each source; None asks about all."""
    found = [config.source(name) for name in sources]
    return sum(min(sample or each.subjects, each.subjects) * each.questions_per_subject for each in found)


def _model_jobs_of(name: str, experiment: Experiment) -> Iterator[tuple[JobKey, Job]]:
    asked: dict[str, JobKey] = {}
    for job in experiment.model_jobs:
        key = JobKey(job.stage, name, key_of_model(job))
        yield key, Job(0, 0, round(FLOPS_PER_PARAMETER * job.parameters * job.tokens), asked.get(job.asked))
        asked[job.asked] = key


def _jobs_of(name: str, experiment: Training, config: Config) -> Iterator[tuple[JobKey, Job]]:
    evaluation, entries = experiment.evaluated(config), vocabulary(config, experiment)
    # Tokenizers of the hub spell a text's start otherwise, as a rule: questions are asked in both spellings.
    spellings = 2 if config.tokenizers[experiment.tokenizer].origin == "hub" else 1

    @cache
    def asked(sources: tuple[str, ...]) -> tuple[int, int]:
        """The tokens that a cell is evaluated on, on the way and at its end."""
        parts: tuple[tuple[Curve | Examination, int], ...] = (
            (evaluation.curve, 1),
            (evaluation.examination, spellings),
        )
        on_the_way, at_end = (
            times * QUESTION_TOKENS * questions(config, sources, part.subjects) + len(sources) * part.loss_tokens
            for part, times in parts
        )
        return on_the_way, at_end

    @cache
    def flops(size: str, context: int) -> tuple[int, int]:
        """FLOPs per token of the forward pass and of training."""
        architecture = config.models[size], entries, context
        return forward_flops_per_token(*architecture), training_flops_per_token(*architecture)

    for cell in experiment.cells:
        recipe, trunk, first = experiment.recipe_of(cell), None, 0
        on_the_way, at_end = asked(experiment.mixture(cell).sources)
        forward, both = flops(cell.size, recipe.context)
        training = partial(_training, recipe, (both, on_the_way * forward))
        begins_with = experiment.begins_with(cell, config)
        start = JobKey("train", *begins_with) if begins_with else None
        if cell.horizon is not None:
            trunk, first = JobKey("trunk", name, cell), recipe.cooldown_step
            before = experiment.trunk_before(cell)
            link = JobKey("trunk", name, before) if before else start
            begun = experiment.recipe_of(before).cooldown_step if before else 0
            yield trunk, training(begun, first, link)
        run = JobKey("train", name, cell)
        yield run, training(first, recipe.steps, trunk or start)
        yield JobKey("evaluate", name, cell), Job(0, 0, at_end * forward, run)


def _asking(name: str, experiment: Asking, config: Config) -> Iterator[tuple[JobKey, Job]]:
    """One job per model that is asked."""
    for asked, cell in experiment.models(config):
        trained = config.training[asked]
        dimensions = config.models[cell.size], vocabulary(config, trained), trained.recipe_of(cell).context
        flops = experiment.tokens_each * forward_flops_per_token(*dimensions)
        yield JobKey("ask", asked, cell, name), Job(0, 0, flops, JobKey("train", asked, cell))


def _training(recipe: Recipe, flops: tuple[int, int], first: int, until: int, after: JobKey | None) -> Job:
    """Training from one step to another; ``flops`` are those per token of it and per evaluation on the way."""
    per_token, per_point = flops
    tokens = (until - first) * recipe.batch_tokens
    points = max(1, round(recipe.evaluation_points * (until - first) / recipe.steps))
    return Job(tokens, tokens * per_token, points * per_point, after)
