"""The rule by which the table of WikiBio is made: what paper A says of it, and how we read what it does not say.

Paper A, appendix E.2.2: names and birth dates of people of 16 common occupations, from Wikidata; the articles of
Wikipedia whose title is the name; their first paragraph; only those that tell both occupation and birth date; ten
paraphrases of each by Llama-3.1-70B-Instruct, with the prompt of A-Table 10. Appendix E.7: an answer is right if it
tells the month and the year of birth.

Our reading of the rest:

- The sixteen occupations stand in A-Table 9, which we could not read. Ours are in
  :mod:`phasemix.wikibio.occupations`; a file may give others.
- A person is an item that is an instance of human (P31), with an article in the English Wikipedia whose title is the
  English label, or the label for all languages where there is no English one. So no two people share a name.
- Of statements, those of the best rank count: preferred ones, or else normal ones; deprecated ones never.
- A birth date (P569) is known to the day (precision 11), in the Gregorian calendar, from the year 1000 on. People for
  whom statements of the best rank name two such days are left out.
- The occupation that is asked about is the first one (P106) of the list that the first paragraph tells.
- A text tells a name if it holds all words of it, as "Rebecca Jo Budig" tells Rebecca Budig; an occupation if it
  holds one of its words, as "actress" tells actor, be it in capitals or in the plural; and a birth date if it holds
  its month and year, as the question counts them.
- A paraphrase must tell all three, as the text does, and differ from the text and the others; a person for whom the
  model gave fewer than asked for, within some tries, is left out.
- The model samples as its own generation configuration says. After A's prompt we ask for numbers, by which the
  paraphrases are told apart, and put the paragraph last.
"""

import re
from functools import cache

from phasemix.tasks.wikibio.birth_dates import month_and_year, months_and_years, spelled

RULE = 1
"""Raised with every change of what is taken, so that what was made by another rule is told apart."""
PROMPT = (
    "I am creating the training data for an LLM. I would like to teach it to flexibly extract knowledge from a "
    "Wikipedia paragraph. Therefore, I want to diversify the Wikipedia paragraphs as much as possible so that the "
    "model can learn the actual relationships between entities, rather than just memorizing the text. Please assist "
    "with the paraphrasing task. Paraphrase the following Wikipedia paragraph about {title} {count} times. Aim to "
    "make the paraphrased versions as varied as possible. Ensure all essential information is retained, particularly "
    "the information about the birthday and the occupation. Number the paraphrased versions from 1 to {count} and "
    "write nothing else.\n\n{paragraph}"
)
PARAGRAPHS = re.compile(r"\n\s*\n")
NUMBER = re.compile(r"^[ \t*]*(\d{1,3})[.):][ \t*]*", re.MULTILINE)
WORD = re.compile(r"\w+")


def first_paragraph(article: str) -> str:
    """The first paragraph of an article as plain text, in one line; paragraphs end at empty lines."""
    return " ".join(PARAGRAPHS.split(article.strip(), maxsplit=1)[0].split())


def not_told(text: str, name: str, words: str, birth_date: str) -> str | None:
    """What a text does not tell: ``name``, ``birth_date`` or ``occupation``; None if it tells all three.

    Args:
        text: a paragraph or a paraphrase.
        name: of the person.
        words: of the occupation, as :class:`phasemix.wikibio.occupations.Occupation` has them.
        birth_date: such as 1973-06-26.
    """
    if not set(WORD.findall(name)) <= set(WORD.findall(text)):
        return "name"
    if month_and_year(spelled(birth_date)) not in months_and_years(text):
        return "birth_date"
    return None if _any_of(words).search(text) else "occupation"


def prompt(title: str, paragraph: str, count: int) -> str:
    """What a model is asked: A-Table 10, and the paragraph."""
    return PROMPT.format(title=title, paragraph=paragraph, count=count)


def numbered(answer: str) -> list[str]:
    """The paraphrases in a model's answer, each in one line: what follows the numbers 1, 2 and so on, if they do so.

    Each ends at the next number, or at an empty line, after which models say that they are done.
    """
    starts: list[re.Match[str]] = []
    for found in NUMBER.finditer(answer):
        if int(found[1]) == len(starts) + 1:
            starts.append(found)
    ends = [*(found.start() for found in starts), len(answer)][1:]
    return [first_paragraph(answer[found.end() : end]) for found, end in zip(starts, ends, strict=True)]


@cache
def _any_of(words: str) -> re.Pattern[str]:
    alternatives = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words.split("|"))
    return re.compile(rf"\b(?:{alternatives})(?:e?s)?\b", re.IGNORECASE)
