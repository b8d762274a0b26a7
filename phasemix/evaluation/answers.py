"""What a model answers: whether exactly, and at what loss.

For a fact (name, attribute, value) paper A prompts the model with a template's sentence up to the
value and decodes |value| tokens greedily; correct only on an exact match. Greedy decoding matches
exactly if and only if every token of the value is the arg max given the true tokens before it, so
one forward pass over prompt + value decides a fact without decoding, and gives the value's loss as well.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

from phasemix.evaluation.questions import Questions
from phasemix.model.gpt_neox import GPTNeoX

QUESTIONS_PER_BATCH = 256


class Answers(NamedTuple):
    """Answers to questions, in their order.

    Attributes:
        correct: whether each is exact, bool of shape (questions,).
        loss: of the right answer, in nats, summed over its tokens; float of the same shape.
    """

    correct: np.ndarray
    loss: np.ndarray


@torch.no_grad()
def answer(model: GPTNeoX, questions: Questions) -> Answers:
    """Ask a model."""
    correct, loss = np.zeros(len(questions.ids), dtype=bool), np.zeros(len(questions.ids))
    by_length = sorted(range(len(questions.ids)), key=lambda i: len(questions.ids[i]))
    for start in range(0, len(by_length), QUESTIONS_PER_BATCH):
        batch = by_length[start : start + QUESTIONS_PER_BATCH]
        longest = len(questions.ids[batch[-1]])
        ids = torch.zeros((len(batch), longest), dtype=torch.long)
        asked = torch.zeros((len(batch), longest), dtype=torch.bool)
        for row, i in enumerate(batch):
            stop = len(questions.ids[i])
            ids[row, :stop] = torch.tensor(questions.ids[i])
            asked[row, stop - questions.lengths[i] : stop] = True
        ids, asked = ids.to(model.device), asked.to(model.device)
        # Padding stands to the right of everything that is asked, where a causal model does not look.
        logits = model.logits(model.hidden_states(ids[:, :-1])[asked[:, 1:]])
        hit, lost = torch.ones_like(asked), torch.zeros_like(asked, dtype=torch.float64)
        hit[asked] = logits.argmax(-1) == ids[asked]
        lost[asked] = functional.cross_entropy(logits, ids[asked], reduction="none").double()
        correct[batch], loss[batch] = hit.all(dim=1).cpu().numpy(), lost.sum(dim=1).cpu().numpy()
    return Answers(correct, loss)
