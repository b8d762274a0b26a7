"""Recall accuracy as paper A defines it.

For a fact (name, attribute, value) the model is prompted with a template's sentence up to the
value and decodes |value| tokens greedily; correct only on an exact match. Greedy decoding matches
exactly if and only if every token of the value is the arg max given the true tokens before it, so
one forward pass over prompt + value decides a fact without decoding.
"""

import numpy as np
import torch

from phasemix.evaluation.questions import Questions
from phasemix.model.gpt_neox import GPTNeoX

QUESTIONS_PER_BATCH = 256


@torch.no_grad()
def answers_correct(model: GPTNeoX, questions: Questions) -> np.ndarray:
    """Whether each question is answered exactly; bool, shape (questions,)."""
    correct = np.zeros(len(questions.ids), dtype=bool)
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
        hidden = model.hidden_states(ids[:, :-1])[asked[:, 1:]]
        hit = torch.ones_like(asked)
        hit[asked] = model.logits(hidden).argmax(-1) == ids[asked]
        correct[batch] = hit.all(dim=1).cpu().numpy()
    return correct


def accuracies(correct: np.ndarray, attributes: np.ndarray) -> dict[str, float]:
    """Mean accuracy by attribute, as fractions, and under the empty name over all of them.

    Args:
        correct: whether each question was answered, bool of shape (questions,).
        attributes: what each asks, strings of the same shape; empty where a task has no attributes.
    """
    found = {"": float(correct.mean())}
    return found | {
        str(attribute): float(correct[attributes == attribute].mean())
        for attribute in dict.fromkeys(attributes.tolist())
        if attribute
    }
