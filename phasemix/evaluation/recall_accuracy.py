"""Recall accuracy as paper A defines it.

For a fact (name, attribute, value) the model is prompted with a template's sentence up to the
value and decodes |value| tokens greedily; correct only on an exact match. Greedy decoding matches
exactly if and only if every token of the value is the arg max given the true tokens before it, so
one forward pass over prompt + value decides a fact without decoding.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from transformers import PreTrainedTokenizerFast

from phasemix.base.seeds import generator
from phasemix.model.gpt_neox import GPTNeoX
from phasemix.tasks.synbio.people import Fact, SynBio

FACTS_A_BATCH = 256


@dataclass(frozen=True)
class Questions:
    """Tokenised facts: ``ids`` is end-of-text + prompt + answer, the answer its last ``lengths`` ids."""

    facts: list[Fact]
    ids: list[list[int]]
    lengths: list[int]


def sample_people(people: int, sample: int | None) -> np.ndarray:
    """Indices of the people asked about: everybody, or ``sample`` of them, always the same ones."""
    if sample is None or sample >= people:
        return np.arange(people)
    return np.sort(generator("recall sample", people).choice(people, size=sample, replace=False))


def make_questions(facts: list[Fact], tokenizer: PreTrainedTokenizerFast) -> Questions:
    """Tokenise ``facts``; every prompt follows an end-of-text, as a biography's first sentence does.

    Raises:
        ValueError: the tokenizer joins the end of a prompt with the start of its answer.
    """
    encode = tokenizer.backend_tokenizer.encode_batch_fast
    prompts = encode([fact.prompt for fact in facts], add_special_tokens=False)
    wholes = encode([fact.prompt + fact.answer for fact in facts], add_special_tokens=False)
    ids, lengths = [], []
    for fact, prompt, whole in zip(facts, prompts, wholes, strict=True):
        if whole.ids[: len(prompt.ids)] != prompt.ids:
            raise ValueError(f"the tokenizer joins the end of {fact.prompt!r} with {fact.answer!r}")
        ids.append([tokenizer.eos_token_id, *whole.ids])
        lengths.append(len(whole.ids) - len(prompt.ids))
    return Questions(facts, ids, lengths)


@torch.no_grad()
def answers_correct(model: GPTNeoX, questions: Questions) -> np.ndarray:
    """Whether each question is answered exactly; bool, shape (questions,)."""
    correct = np.zeros(len(questions.ids), dtype=bool)
    by_length = sorted(range(len(questions.ids)), key=lambda i: len(questions.ids[i]))
    for start in range(0, len(by_length), FACTS_A_BATCH):
        batch = by_length[start : start + FACTS_A_BATCH]
        longest = len(questions.ids[batch[-1]])
        ids = torch.zeros((len(batch), longest), dtype=torch.long)
        asked = torch.zeros((len(batch), longest), dtype=torch.bool)
        for row, i in enumerate(batch):
            stop = len(questions.ids[i])
            ids[row, :stop] = torch.tensor(questions.ids[i])
            asked[row, stop - questions.lengths[i] : stop] = True
        ids, asked = ids.to(model.device), asked.to(model.device)
        # Padding stands to the right of everything that is asked, where a causal model does not look.
        hidden = model.hidden_states(ids[:, :-1])[asked[:, 1:]]
        hit = torch.ones_like(asked)
        hit[asked] = model.logits(hidden).argmax(-1) == ids[asked]
        correct[batch] = hit.all(dim=1).cpu().numpy()
    return correct


def recall_table(
    model: GPTNeoX, synbio: SynBio, tokenizer: PreTrainedTokenizerFast, people: int | None = None
) -> pd.DataFrame:
    """One row a question: ``person``, ``attribute``, ``template``, ``shown`` (in training), ``correct``.

    All five templates of every attribute are asked, about everybody or a sample of ``people``.
    """
    questions = make_questions(synbio.facts(sample_people(len(synbio), people)), tokenizer)
    return pd.DataFrame(
        {
            "person": [fact.person for fact in questions.facts],
            "attribute": [fact.attribute for fact in questions.facts],
            "template": [fact.template for fact in questions.facts],
            "shown": [fact.template < synbio.shown_templates for fact in questions.facts],
            "correct": answers_correct(model, questions),
        }
    )
