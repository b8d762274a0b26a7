"""The specification of the comparisons on published runs; light, for planning."""

from pydantic import PositiveInt

from phasemix.base.schema import Schema

TABLES = ("1M", "1M-test", "60M", "1B")
"""RegMix's tables; described in :mod:`phasemix.published.regmix`."""

COMPARISONS = ("1M-to-1M", "1B-folds", "1M-to-60M", "1M-to-1B", "60M-to-1B", "1M-60M-to-1B")
"""What laws are fitted on, and what they predict; described in :mod:`phasemix.published.comparisons`."""


class Published(Schema):
    """How laws are compared on published runs: ``folds`` of the cross-validation at 1B."""

    folds: PositiveInt = 8
