"""What a text tells, which paragraph is the first, and what a model is asked and answers."""

import pytest

from phasemix.wikibio.rule import first_paragraph, not_told, numbered, prompt

ACTOR = "actor|actress"


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("Rebecca Jo Budig (born June 26, 1973) is an American actress.", None),
        ("Born on 26 June 1973, Rebecca Budig is one of the Actors.", None),
        ("One of two actresses, Budig, Rebecca, was born in June 1973.", None),
        ("Budig (born June 26, 1973) is an actress.", "name"),
        ("Rebecca Budigs (born June 26, 1973) is an actress.", "name"),
        ("Rebecca Budig (born 1973) is an actress.", "birth_date"),
        ("Rebecca Budig, an actress since June 1993, was born in 1973.", "birth_date"),
        ("Rebecca Budig (born July 26, 1973) is an actress.", "birth_date"),
        ("Rebecca Budig (born June 26, 1973) was a factor on television.", "occupation"),
        ("", "name"),
    ],
)
def test_what_a_text_tells(text, lacks):
    assert not_told(text, "Rebecca Budig", ACTOR, "1973-06-26") == lacks


def test_names_and_occupations_of_several_words_and_other_letters():
    text = "Shaquille O'Neal Jr. (born 6 March 1972), a former basketball\n players' player; Zoë Núñez."
    assert not_told(text, "Shaquille O'Neal", "basketball player", "1972-03-06") is None
    assert not_told(text, "Zoë Núñez", "basketball player", "1972-03-06") is None
    assert not_told(text, "Zoe Nunez", "basketball player", "1972-03-06") == "name"
    assert not_told(text, "Zoë Núñez", "tennis player", "1972-03-06") == "occupation"


@pytest.mark.parametrize(
    ("article", "found"),
    [
        ("One\ntwo.\n\nThree.", "One two."),
        ("\n\n \nOne.\n \nTwo.", "One."),
        ("One.", "One."),
        ("", ""),
    ],
)
def test_the_first_paragraph(article, found):
    assert first_paragraph(article) == found


def test_the_request_is_the_papers():
    asked = prompt("Rebecca Budig", "She {acts}.", 10)
    assert asked.startswith("I am creating the training data for an LLM. I would like to teach it to flexibly extract")
    assert "Paraphrase the following Wikipedia paragraph about Rebecca Budig 10 times. Aim to make" in asked
    assert asked.endswith("from 1 to 10 and write nothing else.\n\nShe {acts}.")


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("1. A b.\n2. C d.\n3. E.", ["A b.", "C d.", "E."]),
        ("Here are 2:\n\n1. A\nb.\n\n2. C.\n\nLet me know.", ["A b.", "C."]),
        ("**1.** A.\n 2) C.", ["A.", "C."]),
        ("1. In one year,\n1973. She sang.\n2. C.", ["In one year, 1973. She sang.", "C."]),
        ("1. A.\n3. C.", ["A. 3. C."]),
        ("She was born.", []),
        ("", []),
    ],
)
def test_numbered_paraphrases_are_told_apart(answer, found):
    assert numbered(answer) == found
