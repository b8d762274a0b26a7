"""The prompt of every question: its exact text, and where its examples come from."""

import pandas as pd
import pytest

from phasemix.base.errors import PhasemixError
from phasemix.popularity.popqa.prompts import prompts


def test_the_exact_text():
    """One other relation with one question: nothing is left to chance."""
    rows = [("1", "color", "What color is snow?", "white"), ("2", "capital", "What is the capital of Peru?", "Lima")]
    table = pd.DataFrame(rows, columns=["id", "relation", "question", "answer"])
    assert prompts(table, 1, seed=0) == [
        "Q: What is the capital of Peru? A: Lima\n\nQ: What color is snow? A:",
        "Q: What color is snow? A: white\n\nQ: What is the capital of Peru? A:",
    ]
    assert prompts(table, 0, seed=0) == ["Q: What color is snow? A:", "Q: What is the capital of Peru? A:"]


def relations_in(prompt, questions):
    """The relations of a prompt's examples, whose answers must be theirs."""
    *examples, _ = prompt.split("\n\n")
    by_pair = {f"Q: {row.question} A: {row.answer}": row.relation for row in questions.itertuples()}
    return [by_pair[example] for example in examples]


def test_examples_are_one_of_each_other_relation(questions):
    """As the 15 of PopQA's 16 relations are."""
    for row in questions.itertuples():
        others = {"sport", "capital", "color", "genre"} - {row.relation}
        assert sorted(relations_in(row.prompt, questions)) == sorted(others)
        assert row.prompt.endswith(f"\n\nQ: {row.question} A:")


def test_more_shots_take_turns_and_no_example_stands_twice(questions):
    for prompt in prompts(questions, 8, seed=0):
        *examples, _ = prompt.split("\n\n")
        assert len(set(examples)) == 8
        counts = pd.Series(relations_in(prompt, questions)).value_counts()
        assert sorted(counts) == [2, 3, 3]


def test_questions_and_seeds_have_examples_of_their_own(questions):
    again = prompts(questions, 3, seed=0)
    assert again == questions["prompt"].tolist()
    assert len({prompt.rpartition("\n\n")[0] for prompt in again}) > 30
    assert sum(a == b for a, b in zip(again, prompts(questions, 3, seed=1))) < 5
    part = prompts(questions.sample(frac=1, random_state=0), 3, seed=0)
    assert sorted(relations_in(part[0], questions)) == sorted(set(relations_in(part[0], questions)))


def test_too_few_questions_for_the_shots(questions):
    with pytest.raises(PhasemixError, match="shots = 40: a relation would have to give 14 examples and has 10"):
        prompts(questions, 40, seed=0)
    with pytest.raises(PhasemixError, match="there is only one relation"):
        prompts(questions[questions["relation"] == "color"], 3, seed=0)
