"""Birth dates as they are written, and what counts of one: its month and its year (paper A, appendix E.7)."""

import re
from datetime import datetime

from phasemix.tasks.synbio.values import MONTHS

FORMS = ("%Y-%m-%d", "%B %d, %Y")
NAMED = re.compile(rf"\b({'|'.join(MONTHS)})(?:\s+\d{{1,2}})?,?\s+(\d{{4}})\b")
FIRST_YEAR = 1000


def spelled(date: str) -> str:
    """A birth date as questions and tuples spell it, such as "June 26, 1973".

    Args:
        date: the same, or as ISO 8601 has it, 1973-06-26.

    Raises:
        ValueError: it is neither, or the year has fewer than four digits.
    """
    for form in FORMS:
        try:
            found = datetime.strptime(date.strip(), form)  # noqa: DTZ007 (a day, nowhere in particular)
        except ValueError:
            continue
        if found.year < FIRST_YEAR:
            raise ValueError(f"birth_date {date!r}: a year must have four digits")
        return f"{MONTHS[found.month - 1]} {found.day}, {found.year}"
    raise ValueError(f"birth_date {date!r} is no date: write 1973-06-26, or June 26, 1973")


def months_and_years(text: str) -> list[str]:
    """Month and year of every date in a text, such as "June 1973", in their order."""
    return [f"{month} {year}" for month, year in NAMED.findall(text)]


def month_and_year(text: str) -> str | None:
    """Month and year of the first date in a text; None if there is no date in it."""
    return next(iter(months_and_years(text)), None)
