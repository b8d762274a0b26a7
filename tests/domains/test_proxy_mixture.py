"""Mixtures by entropies, and those that paper B prints."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasemix.base.errors import PhasemixError
from phasemix.domains.proxy_mixture import exp_normalised

# BiMix (arXiv 2405.14908), table 5, SlimPajama
DOMAINS = ("ArXiv", "Books", "C4", "CommonCrawl", "GitHub", "StackExchange", "Wikipedia")
SHANNON = (0.0738, 0.1474, 0.1619, 0.1863, 0.0952, 0.1152, 0.2202)
CONDITIONAL = (0.0710, 0.1669, 0.2079, 0.2175, 0.0902, 0.1177, 0.1287)
JOINT = (0.0339, 0.1592, 0.2179, 0.2623, 0.0556, 0.0878, 0.1834)


def test_the_published_mixtures_obey_the_chain_rule():
    """H(x, x′) = H(x) + H(x′|x): the mixture of joint entropies is the product of the other two."""
    entropies = np.log(SHANNON) + np.log(CONDITIONAL)  # but for a constant
    found = exp_normalised(dict(zip(DOMAINS, entropies)))
    assert tuple(found) == DOMAINS
    assert list(found.values()) == pytest.approx(JOINT, abs=1e-4)


def test_by_hand():
    assert exp_normalised({"a": 0.0, "b": np.log(3)}) == pytest.approx({"a": 0.25, "b": 0.75})


@given(
    st.dictionaries(st.text(max_size=3), st.floats(-1e4, 1e4), min_size=1, max_size=8),
    st.floats(-1e6, 1e6),
)
def test_proportions_are_safe_and_know_no_offset(entropies, offset):
    found = exp_normalised(entropies)
    assert sum(found.values()) == pytest.approx(1)
    shifted = exp_normalised({domain: entropy + offset for domain, entropy in entropies.items()})
    assert shifted == pytest.approx(found, abs=1e-6)
    order = sorted(entropies, key=entropies.__getitem__)
    assert all(found[low] <= found[high] for low, high in pairwise(order))


def test_what_makes_no_mixture_is_an_error():
    with pytest.raises(PhasemixError, match="at least one domain"):
        exp_normalised({})
    with pytest.raises(PhasemixError, match="web: its entropy is nan"):
        exp_normalised({"notes": 1.0, "web": float("nan")})
