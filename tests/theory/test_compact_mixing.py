"""How often tuples show a person."""

import pytest

from phasemix.theory.compact_mixing import tokens_per_exposure


def test_by_hand():
    """Of 1,200 dense tokens, half in biographies of 60 and half in tuples of 30: 10 and 20 exposures."""
    assert tokens_per_exposure(60, 0, 30) == pytest.approx(60)
    assert tokens_per_exposure(60, 0.5, 30) == pytest.approx(1200 / (10 + 20))
    assert tokens_per_exposure(60, 1, 30) == pytest.approx(30)


def test_what_is_no_share_or_no_length_is_refused():
    with pytest.raises(ValueError, match=r"the share of tuples is 1\.5: it must be between 0 and 1"):
        tokens_per_exposure(60, 1.5, 30)
    with pytest.raises(ValueError, match="the tokens of a tuple is 0: it must be positive"):
        tokens_per_exposure(60, 0.5, 0)
