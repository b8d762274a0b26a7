"""The prompt of every question: examples of other relations, and the question.

Paper A says 15-shot and prints no prompt, so it is that of PopQA's authors, in the code beside their paper (Mallen et
al., arXiv 2212.10511): pairs ``Q: … A: …``, an empty line between them, and the question with ``A:`` at the end. An
example's answer is its object as the dataset writes it. PopQA has 16 relations, and the 15 examples are one of each
relation but that of the question, drawn uniformly, so that no example tells how its answers look.

Each question has examples of its own, as theirs have. They are drawn by a generator named by the study's seed, the
words ``PopQA examples`` and the question's id: first the order of the other relations, then an example of each in that
order, then the order in the prompt. With more shots than other relations, relations take turns in that order and give
another example each; with fewer, the first ones give one. No example stands in a prompt twice.
"""

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.seeds import generator


def prompts(questions: pd.DataFrame, shots: int, seed: int) -> list[str]:
    """The prompt of every question (:mod:`phasemix.popularity.popqa.questions`).

    Args:
        questions: all that there are; examples are drawn from them.
        shots: examples in a prompt.
        seed: the root of all randomness.

    Raises:
        PhasemixError: the other relations have too few questions.
    """
    asked = [f"Q: {question} A:" for question in questions["question"]]
    pairs = np.array([f"{words} {answer}" for words, answer in zip(asked, questions["answer"], strict=True)])
    rows = {str(relation): np.asarray(found) for relation, found in questions.groupby("relation").indices.items()}
    found = []
    for i, (name, relation) in enumerate(zip(questions["id"], questions["relation"], strict=True)):
        others = [each for each in rows if each != relation]
        chosen = _examples([rows[each] for each in others], shots, generator(seed, "PopQA examples", name))
        found.append("\n\n".join([*pairs[chosen], asked[i]]))
    return found


def _examples(relations: list[np.ndarray], shots: int, rng: np.random.Generator) -> np.ndarray:
    """The rows of the examples, in their order in the prompt; ``relations`` are the rows of each of the others."""
    order = rng.permutation(len(relations))
    found: list[int] = []
    for place, relation in enumerate(order):
        count = len(range(place, shots, len(order)))
        if count > len(relations[relation]):
            raise PhasemixError(
                f"shots = {shots}: a relation would have to give {count} examples and has {len(relations[relation])}"
                " questions; take fewer shots, or more questions"
            )
        found.extend(rng.choice(relations[relation], count, replace=False))
    if len(found) < shots:
        raise PhasemixError(f"shots = {shots}: examples are of other relations, and there is only one relation")
    return rng.permutation(np.array(found, dtype=int))
