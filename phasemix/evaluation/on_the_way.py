"""What a run is asked on the way: its loss on every source's held-out text, and a few questions."""

from collections.abc import Callable, Mapping

import numpy as np

from phasemix.evaluation.answers import answer
from phasemix.evaluation.knowledge import knowledge
from phasemix.evaluation.questions import counted, make_questions
from phasemix.evaluation.validation_loss import stream_loss
from phasemix.model.gpt_neox import GPTNeoX
from phasemix.study.cell import Curve
from phasemix.tasks.task import Task

Measure = Callable[[GPTNeoX], dict[str, float]]


def measure(tasks: Mapping[str, Task], curve: Curve, context: int) -> tuple[Measure, list[str]]:
    """What measures ``loss.<source>`` at an evaluation point, ``accuracy.<source>`` and ``knowledge.<source>``.

    Of an answer that is worked out, all must be right. Also the names of the columns of what is asked, which are not of
    every source.
    """
    losses = measured_losses(tasks, curve.loss_tokens, context)
    questions, entropies = {}, {}
    for name, task in tasks.items():
        asked = task.questions(curve.subjects)
        which = counted(np.array([one.shown for one in asked], dtype=bool), curve.questions or "all")
        if which.any():
            questions[name] = make_questions(
                [one for one, counts in zip(asked, which, strict=True) if counts], task.tokenizer
            )
            entropies[name] = task.entropies

    def evaluate(model: GPTNeoX) -> dict[str, float]:
        found = {f"loss.{name}": loss for name, loss in losses(model).items()}
        for name, asked in questions.items():
            answers = answer(model, asked)
            found[f"accuracy.{name}"] = float(answers.correct.mean())
            if entropies[name]:
                attributes = np.array([one.attribute for one in asked.asked])
                found[f"knowledge.{name}"] = knowledge(answers.loss, attributes, entropies[name])[""]
        return found

    known = [f"knowledge.{name}" for name in questions if entropies[name]]
    return evaluate, [*(f"accuracy.{name}" for name in questions), *known]


def measured_losses(tasks: Mapping[str, Task], tokens: int, context: int, first: int = 0) -> Measure:
    """The loss on ``tokens`` held-out tokens of every source from the ``first`` on, by its name."""
    texts = {name: task.heldout(first + tokens)[first:] for name, task in tasks.items()}

    def losses(model: GPTNeoX) -> dict[str, float]:
        return {name: stream_loss(model, ids, context) for name, ids in texts.items()}

    return losses
