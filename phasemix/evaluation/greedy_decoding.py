"""Greedy decoding: what a model goes on with after a prompt, one likeliest token after the other."""

from collections.abc import Sequence

import numpy as np
import torch

from phasemix.model.gpt_neox import GPTNeoX

PROMPTS_PER_BATCH = 256


@torch.no_grad()
def continuations(model: GPTNeoX, prompts: Sequence[Sequence[int]], most: Sequence[int], stop: int) -> list[list[int]]:
    """What a model goes on with after every prompt, up to the id ``stop``, which is left out.

    Args:
        model: is read as it stands, without a cache of keys and values: prompts and answers are short.
        prompts: token ids.
        most: how many tokens each continuation may have.
        stop: the end-of-text id.
    """
    found: list[list[int]] = [[] for _ in prompts]
    by_length = sorted(range(len(prompts)), key=lambda i: len(prompts[i]) + most[i])
    for start in range(0, len(by_length), PROMPTS_PER_BATCH):
        batch = by_length[start : start + PROMPTS_PER_BATCH]
        lengths = np.array([len(prompts[i]) for i in batch])
        room = np.array([most[i] for i in batch])
        ids = np.zeros((len(batch), int((lengths + room).max())), dtype=np.int64)
        for row, i in enumerate(batch):
            ids[row, : lengths[row]] = prompts[i]
        ends, going = lengths.copy(), np.flatnonzero(room > 0)
        while len(going):
            longest = int(ends[going].max())
            # Padding stands to the right of everything that is read, where a causal model does not look.
            seen = torch.from_numpy(ids[going, :longest]).to(model.device)
            last = model.hidden_states(seen)[torch.arange(len(going)), torch.from_numpy(ends[going] - 1)]
            chosen = model.logits(last).argmax(-1).cpu().numpy()
            ids[going, ends[going]] = chosen
            ends[going] += 1
            going = going[(chosen != stop) & (ends[going] - lengths[going] < room[going])]
        for row, i in enumerate(batch):
            said = ids[row, lengths[row] : ends[row]].tolist()
            found[i] = said[: said.index(stop)] if stop in said else said
    return found
