"""Whether an answer is right by PopQA's own criterion (Mallen et al., arXiv 2212.10511)."""

from collections.abc import Iterable


def first_line(text: str) -> str:
    """What counts of what a model says: its first line that is not empty."""
    return text.strip().split("\n")[0].strip()


def alias_match(prediction: str, possible_answers: Iterable[str]) -> bool:
    """Whether one of the possible answers stands in a prediction: as it is, in small letters, or capitalised.

    So it is in the code of PopQA's authors. ``capitalize`` makes the first letter large and all others small.
    """
    return any(
        form in prediction for answer in possible_answers for form in (answer, answer.lower(), answer.capitalize())
    )
