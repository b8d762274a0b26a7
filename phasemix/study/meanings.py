"""What every key of the configuration means: for the reference of the documentation, and for editors.

A meaning stands under ``Attributes:`` in the docstring of the key's class, or of a class that it refines. Classes whose
files decide the weights or the evaluation of cells have theirs here (:data:`BESIDE`): there, a word that is changed
would train or evaluate every user's cells again.
"""

import inspect
import re

from pydantic import BaseModel

from phasemix.study.cell import Architecture, Curve, EarlyStopping, Recipe
from phasemix.study.evaluation import Evaluation, Examination
from phasemix.study.mixture import MixtureSpec, Phase, Steering
from phasemix.tasks.source import Source
from phasemix.tasks.synbio.groups import Groups
from phasemix.tasks.synbio.values import Values

BESIDE: dict[type[BaseModel], dict[str, str]] = {
    Architecture: {
        "layers": "blocks of attention and of two fully connected layers.",
        "width": "of the residual stream; a multiple of 2 × heads.",
        "heads": "of attention.",
        "tied": "whether the output layer has the weights of the embeddings; Pythia's has its own.",
        "rotary_fraction": "the part of every head that is turned by position.",
    },
    EarlyStopping: {
        "source": "on whose held-out text the loss is watched.",
        "rise": "a run ends where the loss lies so many nats above what it was at first.",
    },
    Recipe: {
        "tokens": "S, that a run reads in all.",
        "batch_size": "rows of a step.",
        "micro_batch_size": "rows that go through the model at a time, to save memory; null: the whole batch.",
        "context": "tokens of a row.",
        "schedule": "of the learning rate.",
        "peak_learning_rate": "its highest value.",
        "warmup_steps": "over which the learning rate rises.",
        "warmup_fraction": "of all steps, instead; not where runs to several horizons share their warm-up.",
        "cooldown_fraction": "of all steps, over which `wsd` lets the learning rate fall.",
        "weight_decay": "of AdamW.",
        "gradient_clip": "the greatest norm of a step's gradient.",
        "betas": "of AdamW.",
        "evaluation_points": "how often a run is evaluated on the way, evenly spaced.",
        "precision": "of the large matrix products; auto: bfloat16 where the hardware multiplies it natively.",
        "compile": "whether the training step becomes native code, once for every size; without a C++ compiler, or"
        " where it fails, training goes on without.",
        "early_stopping": "when a run ends before all tokens are read; null: never.",
        "sample_weights": "how much the samples of a batch count; null: all alike.",
    },
    Curve: {
        "subjects": "of every source that can be asked, so many are asked about.",
        "questions": "which count as accuracy; null: those that count at the end.",
        "loss_tokens": "held-out tokens of every source.",
    },
    Examination: {
        "subjects": "people, or whatever a source's questions are about; null: all.",
        "questions": "which count as accuracy: all, those worded as training words them, or those worded otherwise.",
        "loss_tokens": "held-out tokens of every source.",
        "cloze": "last words of held-out documents that are asked for, of every source of text; null: none.",
        "heldout_from": "held-out tokens that are passed over before: those which something looked at that is judged"
        " by the rest.",
    },
    Evaluation: {"curve": "what runs are asked on the way."},
    Phase: {
        "proportions": "by source; they sum to 1.",
        "until": "so many tokens are trained; null: the end of the run, in the last phase.",
    },
    Steering: {
        "controller": "its name in `phasemix/controllers/`.",
        "every_tokens": "how often it is asked, at the next segment of the stream.",
        "loss_tokens": "held-out tokens of every source that it measures the model on; null: as many as an evaluation"
        " on the way reads.",
        "options": "of the controller.",
    },
    MixtureSpec: {
        "phases": "of constant proportions; all name the same sources in the same order, and the last one is open.",
        "steering": "a controller that sets proportions on the way; null: none.",
        "file": "a JSON file with the proportions, read when a run starts; behind a # the name of an entry; the path"
        " may begin with {results} and hold {experiment}.",
        "influences": "a file by which documents inside sources are drawn; null: at random.",
    },
    Source: {"task": "what it is: the name of a folder of `phasemix/tasks/`."},
    Groups: {
        "count": "of groups, all as large.",
        "exponent": "the k-th group is shown in proportion to k to the power of −exponent (A-Fig 7a).",
    },
    Values: {
        "first_names": "how many; the first ones of the list, here and below.",
        "middle_names": "how many.",
        "last_names": "how many.",
        "birth_years": "the first and the last.",
        "birth_months": "how many, from January on.",
        "birth_days": "how many, from the first of the month on.",
        "birth_cities": "how many.",
        "universities": "how many.",
        "majors": "how many.",
        "employers": "how many.",
    },
}
"""Meanings of keys by the class that has them."""


def meaning(schema: type[BaseModel], key: str) -> str:
    """What a key of a section means, in Markdown.

    Raises:
        LookupError: no docstring says it.
    """
    for each in schema.__mro__:
        found = _attributes(each).get(key) or BESIDE.get(each, {}).get(key)
        if found:
            return found
    raise LookupError(f"{schema.__module__}.{schema.__name__}: the docstring lacks {key} under Attributes")


def purpose(schema: type[BaseModel]) -> str:
    """What a section is, in Markdown: the docstring of its class without the attributes."""
    return _markdown(_docstring(schema).partition("Attributes:\n")[0])


def _attributes(schema: type) -> dict[str, str]:
    """The section ``Attributes:`` of a class's own docstring."""
    section = _docstring(schema).partition("Attributes:\n")[2].partition("\n\n")[0]
    found = re.findall(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", section, re.MULTILINE)
    return {name: _markdown(words) for name, words in found}


def _docstring(schema: type) -> str:
    return inspect.cleandoc(schema.__dict__.get("__doc__") or "")


def _markdown(text: str) -> str:
    """Roles and literals of a docstring as code, its lines joined, paragraphs kept."""
    text = re.sub(r":\w+:`([^`]+)`", r"`\1`", text).replace("``", "`")
    text = re.sub(r"\bNone\b", "null", text)
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
