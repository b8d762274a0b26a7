"""Entropies of tokens and of pairs of adjacent tokens, in nats, from counts.

With counts c of N in all, −Σ (c/N) log(c/N) is log N − Σ c log c / N: every term is exact to rounding, and whole
numbers are summed before anything is divided. Paper B (BiMix, arXiv 2405.14908) uses them as proxies of how much there
is to learn in a domain.
"""

import math
from collections.abc import Iterable

import numpy as np

from phasemix.base.errors import PhasemixError


def shannon_entropy(counts: np.ndarray) -> float:
    """H = −Σ p(x) log p(x) in nats (Shannon 1948), p being the shares of these counts; of pairs, their joint entropy.

    Args:
        counts: whole numbers ≥ 0 of any shape; zeros change nothing.

    Raises:
        PhasemixError: nothing was counted.
    """
    return _entropy(int(counts.sum()), _sum_c_log_c(counts))


def pair_entropies(pairs: Iterable[np.ndarray], firsts: np.ndarray) -> tuple[float, float]:
    """The joint and the conditional entropy of adjacent tokens, in nats.

    The joint one is −Σ p(x, x′) log p(x, x′), the conditional one −Σ p(x, x′) log p(x′|x) with
    p(x′|x) = p(x, x′) / Σ_x′ p(x, x′). So the marginal is that of the first tokens of pairs, and the joint entropy is
    the conditional one and that of the first tokens together, exactly.

    Args:
        pairs: the counts of all pairs, whole numbers ≥ 0, in blocks of any shapes and in any order.
        firsts: how often each token is the first of a pair, shape (vocabulary,).

    Raises:
        PhasemixError: nothing was counted.
    """
    of_pairs = math.fsum(_sum_c_log_c(counts) for counts in pairs)
    total = int(firsts.sum())
    joint = _entropy(total, of_pairs)
    return joint, max(0.0, (_sum_c_log_c(firsts) - of_pairs) / total)


def conditional_bias(distinct_pairs: int, distinct_firsts: int, total: int) -> float:
    """How far the conditional entropy of so many pairs lies from that of all text there could be, in nats; 0 or below.

    By Miller's correction (1955) of both entropies whose difference it is, −(K − 1) / 2N each, K being how many
    different values were seen; it is the first term of a series in 1 / N.
    """
    return -(distinct_pairs - distinct_firsts) / (2 * total)


def _entropy(total: int, sum_c_log_c: float) -> float:
    if not total:
        raise PhasemixError("nothing was counted: an entropy needs at least one token, or two that are adjacent")
    return max(0.0, math.log(total) - sum_c_log_c / total)


def _sum_c_log_c(counts: np.ndarray) -> float:
    seen = counts[counts > 0].astype(np.float64)
    return float(np.sum(seen * np.log(seen)))  # NumPy sums pairwise
