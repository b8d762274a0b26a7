"""The entropies of the tokens of one domain, from its tokens folder or from documents that a stream gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.domains.pair_counts import counted
from phasemix.domains.text_blocks import text_blocks
from phasemix.domains.token_entropies import conditional_bias, pair_entropies, shannon_entropy


@dataclass(frozen=True)
class TokenEntropies:
    """Entropies of a domain's tokens in nats, and how many tokens they are of.

    Attributes:
        shannon: of single tokens.
        joint: of pairs of adjacent tokens.
        conditional: of a token, the one before it being known.
        conditional_bias: how far that lies below the one of all text there could be, as pairs are many and text is not
            (:func:`phasemix.domains.token_entropies.conditional_bias`).
        tokens: how many were counted.
    """

    shannon: float
    joint: float
    conditional: float
    conditional_bias: float
    tokens: int


def entropies_of(tokens_folder: str | Path, vocabulary: int) -> TokenEntropies:
    """Measure the training split of a tokens folder (format: :mod:`phasemix.corpora.tokens`).

    Pairs are counted within documents only. The end-of-text id that closes each document is no token of the text:
    neither it nor pairs with it count. The plain estimates of BiMix (arXiv 2405.14908); their bias where
    tokens are few is told and not taken off.

    Args:
        tokens_folder: it may be of any size, because it is read in blocks, and pairs that memory does not hold are
            counted on disk.
        vocabulary: how many entries the tokenizer has.

    Raises:
        PhasemixError: no document has two tokens, or an id lies outside the vocabulary.
    """
    return entropies_of_blocks(text_blocks(tokens_folder), vocabulary, str(tokens_folder))


def entropies_of_blocks(blocks: Iterable[np.ndarray], vocabulary: int, name: str) -> TokenEntropies:
    """The same of blocks with gaps between documents (:mod:`phasemix.domains.text_blocks`); ``name`` is for messages.

    Raises:
        PhasemixError: see :func:`entropies_of`.
    """
    with counted(blocks, vocabulary) as counts:
        if not counts.firsts.any():
            raise PhasemixError(f"{name}: no training document has two tokens, so pairs have no entropy")
        joint, conditional = pair_entropies((found for _, found in counts.pairs()), counts.firsts)
        distinct = sum(int(np.count_nonzero(found)) for _, found in counts.pairs())
        bias = conditional_bias(distinct, int(np.count_nonzero(counts.firsts)), int(counts.firsts.sum()))
        return TokenEntropies(shannon_entropy(counts.tokens), joint, conditional, bias, int(counts.tokens.sum()))
