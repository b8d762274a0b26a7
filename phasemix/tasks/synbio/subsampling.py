"""Random subsampling: only a part of the people is shown, and these the more often (paper A, section 6; A-Fig 8a)."""


def shown_people(people: int, subsampling: float) -> int:
    """How many of so many people are shown at a subsampling ρ. They are drawn at random, so the first ones will do."""
    return round(people * subsampling)
