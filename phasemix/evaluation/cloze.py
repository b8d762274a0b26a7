"""Cloze accuracy: how many words of text that training never shows a model goes on with, as LAMBADA asks."""

import re
from collections.abc import Iterable, Iterator

from phasemix.corpora.tokenizer import Tokenizer
from phasemix.evaluation.answers import answer
from phasemix.evaluation.questions import Question, Questions, make_questions
from phasemix.model.gpt_neox import GPTNeoX

WORD = re.compile(r"(?<=\S) [A-Za-z]{2,}\b")
LEAST = 200  # characters that stand before the word


def cloze_accuracy(
    model: GPTNeoX, texts: Iterable[str], words: int, tokenizer: Tokenizer, context: int
) -> float | None:
    """The share of the last words of ``words`` texts whose every token is the arg max; None if no text has any.

    Args:
        model: that is asked.
        texts: of which the first ones are taken that have enough before their last word.
        words: how many are asked for; one a text.
        tokenizer: of the model.
        context: tokens that a model can read; of longer texts, the end.
    """
    asked = [question for question, _ in zip(cloze_questions(texts), range(words), strict=False)]
    if not asked:
        return None
    whole = make_questions(asked, tokenizer)
    ids = [[one[0], *one[1:][-(context - 1) :]] for one in whole.ids]
    return float(answer(model, Questions(asked, ids, whole.lengths)).correct.mean())


def cloze_questions(texts: Iterable[str]) -> Iterator[Question]:
    """Of every text that is long enough: what comes before its last word, and the word with the space before it."""
    for number, text in enumerate(texts):
        found = None
        for found in WORD.finditer(text, LEAST):  # noqa: B007 (the last one is wanted)
            pass
        if found:
            yield Question(text[: found.start()], found[0], subject=number, attribute="", template=0, shown=False)
