"""Articles of Wikipedia as plain text: a dataset of the hub, or a copy of it, with columns ``title`` and ``text``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import TEXT_FILES, matching_files
from phasemix.base.hub import hub_problem
from phasemix.wikibio.stage import check_pinned, identity

COLUMNS = ("title", "text")
ENDINGS = tuple(ending for ending in TEXT_FILES if ending != ".txt")


class Articles:
    """Where articles are read from.

    Args:
        name: a folder with files that all end in one of :data:`ENDINGS`, or a dataset of the hub.
        config: of the dataset.
        revision: of the dataset, a full commit hash.

    Raises:
        PhasemixError: no such files in the folder, or a dataset without a revision.
    """

    def __init__(self, name: str, config: str, revision: str | None) -> None:
        self._name, self._config, self._revision = name, config, revision
        found = (matching_files([f"{name}/**/*{ending}"]) for ending in ENDINGS)
        self._files = next((files for files in found if files), [])
        if Path(name).exists() and not self._files:
            raise PhasemixError(f"--articles {name}: is no folder with files that end in {', '.join(ENDINGS)}")
        if not self._files:
            check_pinned("--articles", name, "dataset", revision)
        self._rows: Any = None

    @property
    def stamp(self) -> dict[str, Any]:
        """What tells these articles from others."""
        if self._files:
            return {str(Path(file).relative_to(self._name)): identity(Path(file)) for file in self._files}
        return {"dataset": self._name, "config": self._config, "revision": self._revision}

    def open(self) -> None:
        """Begin to read, so that what is wrong is known before other work.

        Raises:
            PhasemixError: the files or the dataset cannot be read, or a column is missing.
        """
        if not self._files and (problem := hub_problem()):
            raise PhasemixError(self._unread(problem))
        from datasets import load_dataset  # noqa: PLC0415 (takes seconds)

        try:
            if self._files:
                reader = next(kind for ending, kind in TEXT_FILES.items() if self._files[0].endswith(ending))
                rows = load_dataset(reader, data_files=self._files, split="train", streaming=True)
            else:
                rows = load_dataset(self._name, self._config, split="train", revision=self._revision, streaming=True)
            first = next(iter(rows), None)
        except Exception as error:  # of the network, of the hub, of the name, of each reader
            raise PhasemixError(self._unread(one_line(error))) from error
        if missing := [column for column in COLUMNS if first is None or column not in first]:
            raise PhasemixError(f"--articles {self._name}: has no column {missing[0]!r}; it needs {', '.join(COLUMNS)}")
        self._rows = rows.select_columns(list(COLUMNS))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Title and text of every article."""
        if self._rows is None:
            self.open()
        try:
            for row in self._rows:
                yield row["title"] or "", row["text"] or ""
        except Exception as error:  # the same
            raise PhasemixError(self._unread(one_line(error))) from error

    def _unread(self, problem: str) -> str:
        if self._files:
            return f"--articles {self._name}: cannot be read ({problem})"
        return (
            f"--articles {self._name}: cannot be read at revision {self._revision} from the hub ({problem}); check the"
            " name and the network, or name a folder with a copy"
        )
