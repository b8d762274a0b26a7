"""The evaluation of a finished run: every question asked, and the loss on every source's held-out text.

Format of an evaluation's folder:

- ``answers.parquet``: one row per question: ``source``, ``subject``, ``attribute``, ``template``, ``shown`` (whether
  training shows this wording), ``correct`` and ``loss`` (of the right answer's tokens, nats in all); empty for a
  diverged run. An answer that is worked out is decoded, and its final answer counts;
- ``summary.json``: what the table of cells says of this one: ``parameters``, ``tokens`` trained on, ``diverged``,
  ``seconds``; by source ``mix`` (the proportion of the tokens trained on), ``epochs`` (how often a document was
  seen, on average), ``loss`` in nats per token, and for those with questions that count ``accuracy``, which holds
  the mean under the empty name and the attributes' under theirs, ``within_accuracy``, the same of prompts that are
  spelled as within a text, where the tokenizer spells a text's start otherwise and answers are not worked out,
  ``floor``, the guessing floor, and in bits about a
  subject, in all and by attribute in the same way, ``knowledge`` and ``entropy``, all that could be known; also
  ``knowledge_floor`` (these three where the task states entropies), ``answer_loss``, of the right answers in nats per
  token, and ``subjects``, how many there are; of text ``cloze``, the share of held-out words that the model goes on
  with, where that is asked. What was measured is null of a diverged run. Last, how long evaluating took:
  ``curve_seconds`` on the way (part of ``seconds``), ``evaluation_seconds`` here.
"""

import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from phasemix.base.cuda import set_products
from phasemix.base.files import atomic, read_json, write_json
from phasemix.base.sources import refuse_edited_code
from phasemix.evaluation.answers import Answers, answer
from phasemix.evaluation.cloze import cloze_accuracy
from phasemix.evaluation.greedy_decoding import continuations
from phasemix.evaluation.guessing_floor import guessing_floor
from phasemix.evaluation.knowledge import knowledge, knowledge_floor
from phasemix.evaluation.on_the_way import measured_losses
from phasemix.evaluation.questions import Question, Questions, counted, make_questions, within_a_text
from phasemix.evaluation.recall_accuracy import accuracies
from phasemix.model.gpt_neox import GPTNeoX, load_model
from phasemix.study.cell import Cell
from phasemix.study.evaluation import Examination
from phasemix.tasks.task import Task
from phasemix.training.devices import devices
from phasemix.training.train_cell import Data

ANSWERS = pa.schema(
    [
        ("source", pa.string()),
        ("subject", pa.int64()),
        ("attribute", pa.string()),
        ("template", pa.int64()),
        ("shown", pa.bool_()),
        ("correct", pa.bool_()),
        ("loss", pa.float64()),
    ]
)

ASKED = ("subjects", "accuracy", "within_accuracy", "floor", "answer_loss", "knowledge", "entropy", "knowledge_floor")
LONGEST = 2  # times the tokens of the right answer that a worked one may have


def evaluate_run(examination: Examination, data: Data, *, run: Path, evaluation: Path, threads: int = 1) -> None:
    """Evaluate the run in folder ``run`` and write the folder ``evaluation`` (format above).

    Raises:
        PhasemixError: the held-out text is shorter than asked for.
    """
    began = time.monotonic()
    torch.set_num_threads(threads)
    manifest = read_json(run / "manifest.json")
    cell = Cell.model_validate(manifest["cell"])
    tasks = data.open(cell)
    refuse_edited_code()  # its tasks were imported just now
    diverged = manifest["diverged_at"] is not None
    answers = ANSWERS.empty_table()
    found: dict[str, Any] = {}
    if not diverged:
        set_products(getattr(torch, manifest["precision"]))
        with devices() as processes:
            model = load_model(run / "model").to(processes.device)
            context, first = cell.recipe.context, examination.heldout_from
            losses = measured_losses(tasks, examination.loss_tokens, context, first)(model)
            diverged = not all(map(math.isfinite, losses.values()))
            if not diverged:
                answers, found = _asked(model, tasks, examination)
                found |= {"loss": losses, "cloze": _cloze(model, tasks, examination, context)}
    summary = {
        **{key: manifest[key] for key in ("parameters", "tokens", "seconds")},
        "diverged": diverged,
        "mix": manifest["proportions"],
        "epochs": manifest["exposures"],
        **{key: found.get(key) for key in ("loss", *ASKED, "cloze")},
        "curve_seconds": manifest["evaluation_seconds"],
        "evaluation_seconds": round(time.monotonic() - began, 2),
    }
    evaluation.mkdir(parents=True, exist_ok=True)
    with atomic(evaluation / "answers.parquet") as temporary:
        pq.write_table(answers, temporary)
    write_json(evaluation / "summary.json", summary)


def _asked(model: GPTNeoX, tasks: dict[str, Task], examination: Examination) -> tuple[pa.Table, dict[str, Any]]:
    """The answers to all questions, and what is measured by them, each by source (``ASKED``)."""
    tables = []
    found: dict[str, dict[str, Any]] = {what: {} for what in ASKED}
    for name, task in tasks.items():
        asked = list(task.questions(examination.subjects))
        if not asked:
            continue
        questions = make_questions(asked, task.tokenizer)
        answers = answer(model, questions)
        if any(one.final for one in asked):
            answers = answers._replace(correct=_come_to_the_right_answer(model, questions, task))
        columns = {
            column: [getattr(one, column) for one in asked] for column in ("subject", "attribute", "template", "shown")
        }
        table = {"source": [name] * len(asked), **columns, **answers._asdict()}
        tables.append(pa.table(table, schema=ANSWERS))
        which = counted(np.array(columns["shown"], dtype=bool), examination.questions)
        if which.any():
            chosen = [one for one, counts in zip(asked, which, strict=True) if counts]
            tokens = np.array(questions.lengths)[which]
            within = None if any(one.final for one in chosen) else within_a_text(chosen, task.tokenizer)
            also = answer(model, within).correct if within else None
            measured = _measured(chosen, Answers(*(each[which] for each in answers)), also, tokens, task)
            for what, value in measured.items():
                found[what][name] = value
    return pa.concat_tables(tables) if tables else ANSWERS.empty_table(), found


def _cloze(model: GPTNeoX, tasks: dict[str, Task], examination: Examination, context: int) -> dict[str, float]:
    """The cloze accuracy on every source of text; nothing if it is not asked."""
    words, first = examination.cloze, examination.heldout_from
    asked = {
        name: cloze_accuracy(model, task.heldout_texts(first), words, task.tokenizer, context)
        for name, task in tasks.items()
        if words
    }
    return {name: accuracy for name, accuracy in asked.items() if accuracy is not None}


def _come_to_the_right_answer(model: GPTNeoX, questions: Questions, task: Task) -> np.ndarray:
    """Whether the worked answers that a model gives come to the right final ones, bool of shape (questions,)."""
    prompts = [ids[: len(ids) - length] for ids, length in zip(questions.ids, questions.lengths, strict=True)]
    most = [LONGEST * length for length in questions.lengths]
    said = continuations(model, prompts, most, task.tokenizer.end_of_text)
    finals = [task.final_answer(task.tokenizer.decode(ids)) for ids in said]
    return np.array([final == one.final for final, one in zip(finals, questions.asked, strict=True)])


def _measured(
    asked: list[Question], answers: Answers, within: np.ndarray | None, tokens: np.ndarray, task: Task
) -> dict[str, Any]:
    """What the answers to the questions that count, of so many ``tokens`` each, say of one source.

    ``within`` is whether they are right where prompts are spelled as within a text, if that was asked.
    """
    attributes, entropies = np.array([one.attribute for one in asked]), task.entropies
    found = {
        "subjects": task.subjects,
        "accuracy": accuracies(answers.correct, attributes),
        "floor": guessing_floor(asked, task.guesses),
        "answer_loss": float(answers.loss.sum() / tokens.sum()),
    }
    if within is not None:
        found["within_accuracy"] = accuracies(within, attributes)
    if not entropies:
        return found
    return found | {
        "knowledge": knowledge(answers.loss, attributes, entropies),
        "entropy": knowledge(np.zeros(len(asked)), attributes, entropies),
        "knowledge_floor": knowledge_floor(asked, entropies),
    }
