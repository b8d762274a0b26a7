"""Knowledge: the bits about a subject that a model has learned.

A value has an entropy before anything is known of its subject: of one drawn evenly from n, log2 n. What a model knows
of it is this entropy less its loss on the value's tokens, meaned over the wordings of the question. So a model that
takes every value for as likely knows 0, one that is sure of the right value knows the entropy, and one that is sure of
a wrong value less than 0. It is continuous where accuracy is not, and it holds nothing of the sentences around the
values, which is most of the loss on whole biographies (A-Fig 10).
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from phasemix.evaluation.questions import Question


def knowledge(loss: np.ndarray, attributes: np.ndarray, entropies: Mapping[str, float]) -> dict[str, float]:
    """Bits known of a subject by attribute, and under the empty name of all attributes together.

    Args:
        loss: of every question's right answer, in nats, shape (questions,).
        attributes: what each asks, strings of the same shape.
        entropies: of the values of every attribute, in bits.

    Raises:
        ValueError: an attribute has no entropy.
    """
    if missing := set(attributes.tolist()) - entropies.keys():
        raise ValueError(f"the task states no entropy of {', '.join(map(repr, sorted(missing)))}")
    found = {
        str(attribute): entropies[attribute] - float(loss[attributes == attribute].mean()) / math.log(2)
        for attribute in dict.fromkeys(attributes.tolist())
    }
    return {"": sum(found.values())} | {attribute: bits for attribute, bits in found.items() if attribute}


def knowledge_floor(asked: Sequence[Question], entropies: Mapping[str, float]) -> float:
    """The bits of a model that knows nothing but how common every answer is among those asked for.

    Of each attribute it knows the entropy of its values less that of the answers.

    Args:
        asked: questions; every subject is asked for an attribute equally often.
        entropies: of the values of every attribute, in bits.
    """
    answers: dict[str, Counter[str]] = {}
    for one in asked:
        answers.setdefault(one.attribute, Counter())[one.answer] += 1
    return sum(entropies[attribute] - _entropy(list(counts.values())) for attribute, counts in answers.items())


def _entropy(counts: Sequence[int]) -> float:
    """In bits."""
    shares = np.array(counts) / sum(counts)
    return float(-(shares * np.log2(shares)).sum())
