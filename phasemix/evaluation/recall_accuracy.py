"""Recall accuracy as paper A defines it: the share of questions that are answered exactly."""

import numpy as np


def accuracies(correct: np.ndarray, attributes: np.ndarray) -> dict[str, float]:
    """Mean accuracy by attribute, as fractions, and under the empty name over all of them.

    Args:
        correct: whether each question was answered, bool of shape (questions,).
        attributes: what each asks, strings of the same shape; empty where a task has no attributes.
    """
    found = {"": float(correct.mean())}
    return found | {
        str(attribute): float(correct[attributes == attribute].mean())
        for attribute in dict.fromkeys(attributes.tolist())
        if attribute
    }
