"""Cloze accuracy: which words are asked for, and what a model has of them that knows one word."""

import pytest
import torch

from phasemix.evaluation.cloze import LEAST, cloze_accuracy, cloze_questions

LONG = "the law of mixing " * 15
CONTEXT = 24


def asked(*texts):
    return [(one.prompt, one.answer, one.subject) for one in cloze_questions(texts)]


def test_the_last_word_of_every_text_that_is_long_enough():
    text = LONG + "says that it\n    holds = 3"
    assert asked("too short", text) == [(LONG + "says that", " it", 1)]
    assert asked("x" * LEAST + " word", "x" * LEAST + " 3 7", "x" * LEAST) == [("x" * LEAST, " word", 0)]


class OneWord:
    """Stands for a model: whatever it reads, it goes on with one token."""

    device = torch.device("cpu")

    def __init__(self, says, vocabulary):
        self.says, self.vocabulary, self.longest = says, vocabulary, 0

    def hidden_states(self, ids):
        self.longest = max(self.longest, ids.shape[1])
        return torch.zeros(*ids.shape, self.vocabulary)

    def logits(self, hidden):
        return hidden + torch.nn.functional.one_hot(torch.tensor(self.says), self.vocabulary)


@pytest.mark.parametrize(("words", "share"), [(1, 1), (3, 2 / 3), (9, 2 / 4)])
def test_the_share_of_words_that_a_model_goes_on_with(tokenizer, words, share):
    texts = [LONG + word for word in ("law", "mixing", "law", "data")]
    [[law]] = tokenizer.encode([" law"])
    model = OneWord(law, len(tokenizer))
    assert cloze_accuracy(model, iter(texts), words, tokenizer, CONTEXT) == pytest.approx(share)
    assert model.longest <= CONTEXT, "of longer texts it reads the end"


def test_texts_without_a_word_say_nothing(tokenizer):
    assert cloze_accuracy(OneWord(0, len(tokenizer)), iter(["short", "x" * 300]), 5, tokenizer, CONTEXT) is None
