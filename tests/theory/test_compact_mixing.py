"""How often tuples show a person."""

import pytest

from phasemix.theory.compact_mixing import dense_shares, tokens_per_exposure


def test_by_hand():
    """Of 1,200 dense tokens, half in biographies of 60 and half in tuples of 30 (τ = 1): 10 and 20 exposures."""
    assert tokens_per_exposure(60, 0, 30) == pytest.approx(60)
    assert tokens_per_exposure(60, 1, 30) == pytest.approx(1200 / (10 + 20))
    assert tokens_per_exposure(60, 1e9, 30) == pytest.approx(30)


def test_paper_as_frequencies():
    """Texts of 11 times the tokens of a tuple: about 2, 3 and 4 times as often at τ = .1, .3 and .6 (A-Fig 8b)."""
    often = [110 / tokens_per_exposure(110, compact, 10) for compact in (0.1, 0.3, 0.6)]
    assert often == pytest.approx([2.1 / 1.1, 4.3 / 1.3, 7.6 / 1.6])


def test_shares_of_the_dense_tokens():
    assert dense_shares(0.25) == pytest.approx((0.8, 0.2))


def test_what_is_no_ratio_or_no_length_is_refused():
    with pytest.raises(ValueError, match=r"the ratio of tuples to texts is -0\.5: it must be at least 0"):
        tokens_per_exposure(60, -0.5, 30)
    with pytest.raises(ValueError, match="the tokens of a tuple is 0: it must be positive"):
        tokens_per_exposure(60, 0.5, 0)
