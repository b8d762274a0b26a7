"""Lists of names and places that are fetched, such as those of bioS (arXiv 2309.14316), which paper A's SynBio follows.

Format of a list: one value per line, in UTF-8; a line that is empty or repeats an earlier one is passed over.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from phasemix.base.errors import PhasemixError
from phasemix.base.fetch import fetch
from phasemix.base.schema import Schema
from phasemix.tasks.synbio.values import Values

ListName = Literal["first_names", "middle_names", "last_names", "birth_cities", "universities", "majors", "employers"]


class FetchedList(Schema):
    """Where a list is.

    Attributes:
        url: https:// or file://.
        sha256: of the file, which pins it.
    """

    url: str = Field(pattern="^(https|file)://")
    sha256: str = Field(pattern="^[0-9a-fA-F]{64}$")


def fetch_lists(lists: Mapping[str, Mapping[str, Any]], values: Values) -> dict[str, list[str]]:
    """Lists by their names, from ``url`` and ``sha256`` of each.

    Raises:
        PhasemixError: one cannot be read, is not the one that was pinned, or holds fewer values than are drawn from.
    """
    found = {}
    for name, where in lists.items():
        content = fetch(where["url"], where["sha256"], f"lists.{name} may also name a copy, as file:///folder/file.txt")
        try:
            lines = [line.strip() for line in content.decode().splitlines()]
        except UnicodeDecodeError as error:
            raise PhasemixError(f"{where['url']}: is no list of names, one on a line, in UTF-8") from error
        found[name] = list(dict.fromkeys(line for line in lines if line))
        if len(found[name]) < (asked := getattr(values, name)):
            raise PhasemixError(
                f"{where['url']}: holds {len(found[name])} values, and values.{name} asks for {asked}: ask for fewer"
            )
    return found
