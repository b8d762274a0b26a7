"""Knowledge in bits."""

import math

import numpy as np
import pytest

from phasemix.evaluation.knowledge import knowledge, knowledge_floor
from phasemix.evaluation.questions import Question

ENTROPIES = {"city": 5.0, "major": 3.0}
ATTRIBUTES = np.array(["major", "city", "city", "major"])


def test_knowledge_is_the_entropy_less_the_loss_worked_out_by_hand():
    loss = math.log(2) * np.array([1.0, 4.0, 2.0, 0.0])  # in bits: majors .5 on average, cities 3
    assert knowledge(loss, ATTRIBUTES, ENTROPIES) == pytest.approx({"": 4.5, "major": 2.5, "city": 2.0})


def test_chance_knows_nothing_and_certainty_all():
    chance = math.log(2) * np.array([ENTROPIES[attribute] for attribute in ATTRIBUTES])
    assert knowledge(chance, ATTRIBUTES, ENTROPIES) == pytest.approx({"": 0, "major": 0, "city": 0}, abs=1e-12)
    assert knowledge(np.zeros(4), ATTRIBUTES, ENTROPIES) == {"": 8.0, **ENTROPIES}
    assert knowledge(np.full(4, 20.0), ATTRIBUTES, ENTROPIES)["major"] < 0


def test_what_is_asked_may_have_no_attributes():
    assert knowledge(np.zeros(3), np.array([""] * 3), {"": 6.0}) == {"": 6.0}


def test_the_floor_is_what_is_known_of_how_common_answers_are():
    """Cities are asked for as Rome twice and Oslo and Bern once, 1.5 bits, of 5; majors as one of two evenly, of 3."""
    cities = [asked(city, "city") for city in ("Rome", "Rome", "Oslo", "Bern")]
    majors = [asked(major, "major") for major in ("Art", "Law")]
    assert knowledge_floor(cities + majors, ENTROPIES) == pytest.approx((5 - 1.5) + (3 - 1))
    assert knowledge_floor([asked(str(i), "city") for i in range(32)], ENTROPIES) == pytest.approx(0)


def asked(answer, attribute):
    return Question("", answer, subject=0, attribute=attribute, template=0, shown=True)
