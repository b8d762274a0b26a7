"""The guessing floor: the accuracy of a model that knows nothing but which answers are common."""

from collections import Counter
from collections.abc import Sequence

from phasemix.evaluation.questions import Question


def guessing_floor(asked: Sequence[Question]) -> float:
    """The accuracy of always giving an attribute's most common answer, over questions of one or several attributes.

    Recall at or below it says that no fact about anybody was learned: naming the most common of 32 values, whoever
    is asked about, is right for more than one in 32.

    Raises:
        ValueError: there are no questions.
    """
    if not asked:
        raise ValueError("no questions, so no floor")
    answers: dict[str, Counter[str]] = {}
    for one in asked:
        answers.setdefault(one.attribute, Counter())[one.final or one.answer] += 1
    return sum(max(counts.values()) for counts in answers.values()) / len(asked)
