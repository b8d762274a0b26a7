"""The values that names and attributes of SynBio are drawn from (paper A, appendix)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from phasemix.base.files import sha256_of
from phasemix.base.schema import Schema

LISTS = Path(__file__).parent / "lists"
NAME_PARTS = ("first_names", "middle_names", "last_names")
LIST_OF = {"birth_city": "birth_cities", "university": "universities", "major": "majors", "employer": "employers"}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = 28
Lists = Mapping[str, Sequence[str]]
NO_LISTS: Lists = {}
MOST = {"birth_months": len(MONTHS), "birth_days": DAYS}


class Values(Schema):
    """How many values each part of a biography is drawn from; the defaults are paper A's.

    A smaller number takes the first entries of the list. ``birth_years`` is the first and the last year,
    ``birth_months`` and ``birth_days`` how many of the months and of the days 1–28. (The appendix says "100 years
    spanning 1900–2099", which contradicts itself; the default here is the 100 years 1900–1999.)
    """

    first_names: int = 400
    middle_names: int = 400
    last_names: int = 1000
    birth_years: tuple[int, int] = (1900, 1999)
    birth_months: int = len(MONTHS)
    birth_days: int = DAYS
    birth_cities: int = 200
    universities: int = 300
    majors: int = 100
    employers: int = 263

    @property
    def unique_names(self) -> int:
        """The number of different full names."""
        return self.first_names * self.middle_names * self.last_names

    def of(self, attribute: str, lists: Lists = NO_LISTS) -> list[str]:
        """All values of an attribute, in order; ``lists`` stand for those of the same name here."""
        if attribute == "birth_date":
            first, last = self.birth_years
            return [
                f"{month} {day}, {year}"
                for year in range(first, last + 1)
                for month in MONTHS[: self.birth_months]
                for day in range(1, self.birth_days + 1)
            ]
        return self.part(LIST_OF[attribute], lists)

    def part(self, name: str, lists: Lists = NO_LISTS) -> list[str]:
        """The values of a list, such as ``first_names``, in order; ``lists`` stand for those of the same name here."""
        return list(lists.get(name, words(name))[: getattr(self, name)])

    def problems(self, fetched: Collection[str] = ()) -> Iterator[tuple[str, str]]:
        """The fields that ask for what there is not, and what is wrong with each; ``fetched`` lists may be any."""
        for part, count in self:
            if part == "birth_years":
                if count[0] > count[1]:
                    yield part, "must be the first and the last year, in this order"
                continue
            most = count if part in fetched else MOST.get(part) or len(words(part))
            if not 1 <= count <= most:
                yield part, f"must be from 1 to {most}"


@cache
def lists_checksum() -> str:
    """The SHA-256 of all lists."""
    return sha256_of("\0".join("\n".join(words(path.stem)) for path in sorted(LISTS.glob("*.txt"))).encode())


@cache
def words(name: str) -> tuple[str, ...]:
    """A full list of ``lists/``, such as ``words("first_names")``."""
    return tuple((LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines())
