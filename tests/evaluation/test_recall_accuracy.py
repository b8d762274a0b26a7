"""Recall accuracy."""

import numpy as np
import pytest

from phasemix.evaluation.recall_accuracy import accuracies


def test_accuracies_worked_out_by_hand():
    correct = np.array([True, False, True, True, False])
    attributes = np.array(["major", "major", "city", "city", "city"])
    assert accuracies(correct, attributes) == pytest.approx({"": 0.6, "major": 0.5, "city": 2 / 3})
    assert accuracies(correct, np.array([""] * 5)) == {"": 0.6}
