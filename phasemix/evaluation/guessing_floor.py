"""The guessing floor: the accuracy of a model that knows nothing but which answers are common."""

from collections import Counter
from collections.abc import Mapping, Sequence

from phasemix.evaluation.questions import Question


def guessing_floor(asked: Sequence[Question], guesses: Mapping[str, str]) -> float:
    """The accuracy of always giving an attribute's most common answer, over questions of one or several attributes.

    Recall at or below it says that no fact about anybody was learned: naming the most common of 32 values, whoever
    is asked about, is right for more than one in 32.

    Args:
        asked: the questions.
        guesses: by attribute, the answer that is most common in training; of attributes that are not there, it is the
            most common one among the questions, which are about everybody in training.

    Raises:
        ValueError: there are no questions.
    """
    if not asked:
        raise ValueError("no questions, so no floor")
    answers: dict[str, Counter[str]] = {}
    for one in asked:
        answers.setdefault(one.attribute, Counter())[one.final or one.answer] += 1
    right = (
        counts[guesses[attribute]] if attribute in guesses else max(counts.values())
        for attribute, counts in answers.items()
    )
    return sum(right) / len(asked)
