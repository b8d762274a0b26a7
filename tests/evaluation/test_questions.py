"""Questions: tokenised as prompt and answer, counted by their wording, and what guessing answers."""

import numpy as np
import pytest
import tokenizers
from tokenizers import decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from phasemix.corpora.make_tokenizer import END_OF_TEXT, save_tokenizer
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.evaluation.guessing_floor import guessing_floor
from phasemix.evaluation.questions import Question, counted, make_questions, sample_subjects, within_a_text
from phasemix.tasks.synbio.people import SynBio, draw_people
from phasemix.tasks.synbio.templates import TEMPLATES
from phasemix.tasks.synbio.values import Values


def test_questions_follow_the_templates(synbio, tokenizer):
    questions = make_questions(synbio.questions(np.array([0])), tokenizer)
    assert len(questions.asked) == 25
    for one, ids, length in zip(questions.asked, questions.ids, questions.lengths, strict=True):
        name, value = synbio.people["name"][0], synbio.people[one.attribute][0]
        sentence = TEMPLATES[one.attribute][one.template].format(name=name, value=value)
        assert ids[0] == tokenizer.end_of_text
        assert tokenizer.decode(ids[1:]).strip() + "." == sentence
        assert tokenizer.decode(ids[-length:]) == f" {value}"


def test_a_prompt_never_joins_its_answer_for_any_of_the_papers_values(tokenizer):
    people = draw_people(400, Values(), seed=2)
    questions = make_questions(SynBio(people).questions(np.arange(400)), tokenizer)  # raises where they join
    assert len(questions.ids) == 400 * 25
    for one, ids, length in list(zip(questions.asked, questions.ids, questions.lengths, strict=True))[:500]:
        assert tokenizer.decode(ids[-length:]) == one.answer


def ask(prompt, answer, attribute=""):
    return Question(prompt, answer, subject=0, attribute=attribute, template=0, shown=True)


def test_a_tokenizer_that_joins_prompt_and_answer_is_refused(tokenizer):
    with pytest.raises(ValueError, match="joins the end of 'the la' with 'w of'"):
        make_questions([ask("the la", "w of")], tokenizer)


def neox_like(folder):
    """As GPT-NeoX's: no space stands before a text's first word. Its merges make a name one entry."""
    entries = [END_OF_TEXT, *sorted(pre_tokenizers.ByteLevel.alphabet()), "ab", "Ġa", "Ġab"]
    found = tokenizers.Tokenizer(
        models.BPE({entry: i for i, entry in enumerate(entries)}, [("Ġ", "a"), ("Ġa", "b"), ("a", "b")])
    )
    found.add_special_tokens([END_OF_TEXT])
    found.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    found.decoder = decoders.ByteLevel()
    save_tokenizer(PreTrainedTokenizerFast(tokenizer_object=found, eos_token=END_OF_TEXT), folder)
    return Tokenizer(folder)


def test_a_name_is_asked_as_at_a_texts_start_and_as_within_one(tmp_path):
    tokenizer = neox_like(tmp_path / "tokenizer")
    asked = make_questions([ask("ab is", " ab"), ask("abx is", " b")], tokenizer)
    within = within_a_text(asked.asked, tokenizer)
    whole = tokenizer.encode(["b. ab is ab"])[0]
    assert within.ids[0][1:] == whole[2:], "as in the midst of a text"
    assert asked.ids[0][1:] != whole[2:]
    assert tokenizer.encode(["ab is ab"])[0] == asked.ids[0][1:]
    assert within.lengths == asked.lengths
    assert [ids[-length:] for ids, length in zip(within.ids, within.lengths)] == [
        ids[-length:] for ids, length in zip(asked.ids, asked.lengths)
    ], "answers are spelled alike"


def test_a_tokenizer_that_spells_alike_everywhere_asks_once(tokenizer, synbio):
    assert within_a_text(synbio.questions(np.arange(2)), tokenizer) is None
    assert within_a_text([], tokenizer) is None


def test_the_sample_of_subjects_is_always_the_same():
    assert sample_subjects(1000, 10).tolist() == sample_subjects(1000, 10).tolist()
    assert len(set(sample_subjects(1000, 10).tolist())) == 10
    assert sample_subjects(7, None).tolist() == sample_subjects(7, 9).tolist() == list(range(7))


@pytest.mark.parametrize(
    ("which", "expected"),
    [("all", [True, True, True]), ("shown", [True, False, True]), ("heldout", [False, True, False])],
)
def test_questions_count_by_whether_training_shows_their_wording(which, expected):
    assert counted(np.array([True, False, True]), which).tolist() == expected


def test_the_guessing_floor_worked_out_by_hand():
    """Cities: two of three are Rome; majors: all four differ. So 2 + 1 of 7 are right."""
    cities = [ask("", city, "city") for city in ("Rome", "Oslo", "Rome")]
    majors = [ask("", major, "major") for major in ("Art", "Law", "Music", "Rome")]
    assert guessing_floor(cities + majors, {}) == pytest.approx(3 / 7)
    assert guessing_floor(cities, {}) == pytest.approx(2 / 3)
    assert guessing_floor(cities + majors, {"city": "Oslo"}) == pytest.approx(2 / 7), "what training says is guessed"
    with pytest.raises(ValueError, match="no questions, so no floor"):
        guessing_floor([], {})


def test_the_floor_of_people_is_that_of_their_most_common_values(synbio):
    asked = synbio.questions(np.arange(20))
    common = [max(map(values.count, values)) for name, values in synbio.people.items() if name != "name"]
    assert guessing_floor(asked, {}) == pytest.approx(sum(common) / 100)
