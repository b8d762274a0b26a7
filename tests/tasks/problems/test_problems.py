"""Problems with worked answers: what they say, what is held out, how they are shown, asked and graded."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.seeds import named_seed
from phasemix.corpora.exposures import EXPOSURES_PER_DRAW
from phasemix.tasks.maximum.maxima import Maxima
from phasemix.tasks.problems.corpus import read_heldout
from phasemix.tasks.slope.slopes import Slopes
from phasemix.tasks.source import corpus_module, spec_of
from phasemix.tasks.task import SourceSeeds, open_task

KINDS = {
    "slope": {"task": "slope", "numbers": 6, "heldout": 200},
    "maximum": {"task": "maximum", "numbers": 10, "count": 4, "heldout": 200},
}
SEEDS = SourceSeeds(named_seed, 0)


@pytest.fixture(params=KINDS)
def task(request, tmp_path, tokenizer):
    from importlib import import_module

    spec = spec_of(request.param)(**KINDS[request.param])
    folder, tokens = tmp_path / "corpus", tmp_path / "tokens"
    folder.mkdir()
    module = import_module(corpus_module(request.param))
    assert module.write(spec.corpus, folder, 7, threads=1, relatives=[]) == {"heldout": 200}
    opened = open_task(spec.training, folder, tokens, tokenizer)
    type(opened).write_tokens(folder, tokenizer, tokens)
    return opened


def test_a_slope_by_hand():
    problem = Slopes(10).write(np.array([3, 7, 8, 1]), 0)
    assert problem.question == "Question: What is the slope of the line through (3, 7) and (8, 1)? Answer:"
    assert problem.worked == " The rise is 1 - 7 = -6, the run is 8 - 3 = 5, so the slope is -6/5."
    assert Slopes(10).write(np.array([3, 7, 5, 1]), 1).answer == "-3"
    assert Slopes(10).write(np.array([3, 7, 5, 7]), 2).answer == "0"
    assert Slopes(10).write(np.array([6, 0, 2, 2]), 3).answer == "-1/2"


def test_a_maximum_by_hand():
    problem = Maxima(100, 4).write(np.array([12, 5, 88, 7]), 1)
    assert problem.question == "Question: Which is the largest of 12, 5, 88, 7? Answer:"
    assert problem.worked == " The largest so far is 12, 12, 88, 88, so the maximum is 88."


def test_how_many_there_are():
    """Paper A's slopes: 100 · 99 · 100² in two orders; of its lists of 30, 129! / (30! · 99!) in ascending order."""
    assert Slopes(100).space == pytest.approx(4.95e7, rel=1e-3)
    assert Maxima(100, 30).space == pytest.approx(2.0095e29, rel=1e-4)
    for problems in (Slopes(3), Maxima(4, 3)):
        drawn = problems.draw(5000, np.random.default_rng(0))
        assert len(np.unique(problems.in_one_order(drawn), axis=0)) == problems.space
    drawn = Slopes(3).draw(5000, np.random.default_rng(0))
    assert (drawn[:, 0] != drawn[:, 2]).all()


@given(st.lists(st.integers(0, 99), min_size=4, max_size=4), st.integers(0, 3))
def test_worked_answers_come_to_the_answer(numbers, wording):
    if numbers[0] != numbers[2]:
        problem = Slopes(100).write(np.array(numbers), wording)
        assert Slopes(100).final_answer(problem.worked) == problem.answer
        assert Fraction(problem.answer) * (numbers[2] - numbers[0]) == numbers[3] - numbers[1]
    largest = Maxima(100, 4).write(np.array(numbers), wording)
    assert Maxima(100, 4).final_answer(largest.worked) == largest.answer == str(max(numbers))


def test_only_a_stated_simplified_answer_counts():
    slopes = Slopes(10)
    assert slopes.final_answer(" The rise is 2, the run is 4, so the slope is 2/4.") == "2/4", "which is not 1/2"
    assert slopes.final_answer(" The rise is 2, so the slope is 1/2") is None, "it does not end"
    assert slopes.final_answer(" so the slope is 3. so the slope is 4.") == "3"
    assert Maxima(10, 3).final_answer(" no idea.") is None


def test_held_out_problems_differ_and_are_never_shown(task):
    held = read_heldout(task.corpus)
    assert len(np.unique(held, axis=0)) == len(held) == 200
    shown = task.draw(20_000, np.random.default_rng(0)).numbers
    kept_from, told = (task.problems.in_one_order(numbers) for numbers in (held, shown))
    assert len(np.unique(kept_from, axis=0)) == 200
    assert not {row.tobytes() for row in kept_from} & {row.tobytes() for row in told}, "whatever their order"
    assert len(np.unique(told, axis=0)) > 0.9 * (task.problems.space - 200) or task.problems.space > 5000


def test_the_order_of_points_and_numbers_does_not_matter():
    swapped = np.array([[1, 2, 3, 4], [3, 4, 1, 2]])
    assert (Slopes(5).in_one_order(swapped) == [1, 2, 3, 4]).all()
    assert (Maxima(9, 3).in_one_order(np.array([[3, 8, 1], [8, 1, 3]])) == [1, 3, 8]).all()


def test_every_exposure_is_a_problem_drawn_anew(task):
    stream = task.stream(SEEDS)
    taken = stream.take(0, 80_000)
    texts = task.tokenizer.decode(taken.ids.tolist()).split("Question: ")[1:]
    assert taken.position == len(texts) - 1 > EXPOSURES_PER_DRAW, "the last one is cut"
    assert stream.exposures(taken.position) == pytest.approx(taken.position / (task.problems.space - 200))
    first = stream.take(0, 1000)
    again = stream.take(first.position, 500)
    assert np.array_equal(first.ids, taken.ids[:1000])
    start = int(taken.lengths[: first.position].sum())
    assert np.array_equal(again.ids, taken.ids[start : start + 500])


def test_held_out_text_and_questions_are_those_of_held_out_problems(task):
    ids = task.heldout(3000)
    assert len(ids) == 3001
    assert np.array_equal(ids[:501], task.heldout(500))
    asked = task.questions(None)
    assert len(asked) == task.subjects == 200
    assert task.questions(5) == [asked[one.subject] for one in task.questions(5)]
    assert len({one.template for one in asked}) == 4
    for one in asked:
        assert task.final_answer(one.answer) == one.final
        assert one.answer.startswith(" The ")
    assert task.entropies == {}


def test_a_guesser_knows_what_is_common_and_not_what_is_asked(tmp_path, tokenizer):
    """The slopes through points of 0 and 1 are 0 half of the time; the largest of two numbers below 3 is mostly 2."""
    places = tmp_path, tmp_path, tokenizer
    assert open_task({"task": "slope", "numbers": 2}, *places).guesses == {"": "0"}
    assert open_task({"task": "maximum", "numbers": 3, "count": 2}, *places).guesses == {"": "2"}


def test_tokenizers_are_trained_on_problems(task):
    from importlib import import_module

    options = KINDS[task.options["task"]]
    module = import_module(corpus_module(options["task"]))
    found = list(module.sample(spec_of(options["task"])(**options).sampled, None, 0.02, 0))
    assert sum(map(len, found)) >= 20_000
    assert found == list(module.sample(spec_of(options["task"])(**options).sampled, None, 0.02, 0))


def test_too_many_held_out_problems_are_named():
    spec = spec_of("slope")(task="slope", numbers=3, heldout=40)
    assert list(spec.problems()) == [
        (("heldout",), "is more than half of the 27 problems that differ in more than their order")
    ]
