"""The options of plain text as a source: documentation of installed packages, a hub's dataset, or the user's files."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from phasemix.base.files import TEXT_FILES, matching_files
from phasemix.base.schema import Revision, Schema
from phasemix.tasks.source import Problem, Source

BYTES_PER_TOKEN = 4  # roughly


class InstalledDocs(Schema):
    """The documentation strings of installed packages."""

    packages: list[str] = Field(min_length=1)


class HubData(Schema):
    """A dataset of the Hugging Face hub, streamed; ``revision`` is a full commit hash."""

    dataset: str
    name: str | None = None
    split: str = "train"
    column: str = "text"
    revision: str = Revision
    megabytes: PositiveFloat


class TextFiles(Schema):
    """The user's own files."""

    paths: list[str] = Field(min_length=1)
    column: str = "text"


class Spec(Source):
    """Plain text; ``origin`` says which of the three sections is used.

    Attributes:
        train_tokens: tokens of training text that the corpus must give; no run may need more, unless they repeat.
        heldout_fraction: of all documents, chosen by the hash of their text, never trained on.
        repeat: whether a run may read the text more than once, each time in a fresh order.
    """

    task: Literal["text"]
    origin: Literal["installed-docs", "hub", "files"]
    train_tokens: PositiveInt
    heldout_fraction: float = Field(gt=0, lt=1)
    repeat: bool = False
    installed_docs: InstalledDocs | None = None
    hub: HubData | None = None
    files: TextFiles | None = None
    parallel: ClassVar[bool] = True
    seeded: ClassVar[bool] = False

    @property
    def section(self) -> str:
        """The key of the section that ``origin`` chooses."""
        return self.origin.replace("-", "_")

    @property
    def corpus(self) -> dict[str, Any]:
        """Where the text comes from, and the packages' versions, if it comes from packages."""
        found = self.model_dump(mode="json", include={"task", "origin", "heldout_fraction", self.section})
        used = self.installed_docs if self.origin == "installed-docs" else None
        versions = {package: installed_version(package) for package in used.packages} if used else {}
        return found | {"versions": versions}

    @property
    def training(self) -> dict[str, Any]:
        """Whether it repeats."""
        return self.model_dump(mode="json", include={"task", "repeat"})

    @property
    def inputs(self) -> list[str]:
        """The user's files, if it comes from them."""
        return matching_files(self.files.paths) if self.origin == "files" and self.files else []

    @property
    def least_tokens(self) -> int:
        """What the corpus must give."""
        return self.train_tokens

    @property
    def repeats(self) -> bool:
        """Whether it may."""
        return self.repeat

    @property
    def subjects(self) -> int:
        """Nothing is asked about plain text."""
        return 0

    @property
    def questions_per_subject(self) -> int:
        """Nothing is asked about plain text."""
        return 0

    @property
    def corpus_bytes(self) -> float:
        """What is fetched from the hub, or else what the tokens are made of."""
        if self.origin == "hub" and self.hub:
            return self.hub.megabytes * 1e6
        return float(self.train_tokens * BYTES_PER_TOKEN)

    def problems(self) -> Iterator[Problem]:
        """A section that is missing, too little text, packages that are not installed, files that are not there."""
        if getattr(self, self.section) is None:
            yield ("origin",), f"needs the section {self.section}"
        elif self.hub and self.origin == "hub" and self.train_tokens > self.hub.megabytes * 1e6:
            yield ("train_tokens",), f"is more than the {self.hub.megabytes:g} MB of hub.megabytes can hold"
        elif self.installed_docs and self.origin == "installed-docs":
            for i, package in enumerate(self.installed_docs.packages):
                if not installed_version(package):
                    yield ("installed_docs", "packages", i), "is not installed; name packages of envs/lock.txt"
        elif self.files and self.origin == "files":
            yield from _file_problems(self.files)


def installed_version(package: str) -> str | None:
    """The version of an installed package, None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _file_problems(files: TextFiles) -> Iterator[Problem]:
    for i, pattern in enumerate(files.paths):
        found = matching_files([pattern])
        if not found:
            yield ("files", "paths", i), "matches no file"
        if not all(path.endswith(tuple(TEXT_FILES)) for path in found):
            yield ("files", "paths", i), f"matches files that are none of {', '.join(TEXT_FILES)}"
