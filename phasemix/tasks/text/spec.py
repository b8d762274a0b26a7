"""The options of plain text as a source: what installed packages hold, a hub's dataset, or the user's files."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from phasemix.base.files import TEXT_FILES, matching_files
from phasemix.base.schema import Revision, Schema
from phasemix.tasks.source import Problem, Source
from phasemix.tasks.text.packages import installed_version, locked_packages

BYTES_PER_TOKEN = 4  # roughly


class Installed(Schema):
    """A part of what installed packages hold.

    Attributes:
        part: which.
        packages: their names; None: all that ``envs/lock.txt`` pins.
    """

    part: Literal["docstrings", "code", "tests", "headers", "stubs", "metadata"]
    packages: list[str] | None = Field(default=None, min_length=1)

    @property
    def versions(self) -> dict[str, str | None]:
        """The version of every package."""
        return {package: installed_version(package) for package in self.packages or locked_packages()}


class HubData(Schema):
    """A dataset of the Hugging Face hub, streamed.

    Attributes:
        dataset: the name of its repository.
        name: of its configuration; None: the only one.
        split: of it.
        column: that holds the text.
        where: which rows: names of fields (``meta.pile_set_name`` is a field of a field) and the value of each.
        revision: a full commit hash.
        megabytes: of text that are read.
        shards: into how many parts the text is divided, no more than the dataset has files or Parquet groups of rows;
            each is gathered and tokenised by itself, several at once, and a job that is cut off goes on with those that
            are missing. Each holds the first texts of its share of the files, and its share of the megabytes.
    """

    dataset: str
    name: str | None = None
    split: str = "train"
    column: str = "text"
    where: dict[str, str] = Field(default_factory=dict)
    revision: str = Revision
    megabytes: PositiveFloat
    shards: PositiveInt = 1


class TextFiles(Schema):
    """The user's own files.

    Attributes:
        paths: files, or patterns of them.
        sha256: the hash of each file that is pinned, by its path; what is not named is not checked.
        column: that holds the text, in files that have columns.
        where: which rows, as of a dataset of the hub.
        shards: as those of a hub's dataset; they change neither the texts nor their order.
    """

    paths: list[str] = Field(min_length=1)
    sha256: dict[str, str] = Field(default_factory=dict)
    column: str = "text"
    where: dict[str, str] = Field(default_factory=dict)
    shards: PositiveInt = 1


class Spec(Source):
    """Plain text.

    Attributes:
        origin: which of the three sections is used.
        train_tokens: tokens of training text that the corpus must give; no run may need more, unless they repeat.
        heldout_fraction: of all documents, chosen by the hash of their text, never trained on.
        repeat: whether a run may read the text more than once, each time in a fresh order.
        read_tokens: of the training text, the first documents that hold so many tokens are all that there is; None: all
            of them. So a domain is made small, and a run repeats it sooner.
        family: sources of one family share no text: a document that is a near-duplicate of an earlier one, of this
            source or of one of the family that the configuration names before it, is left out. Without a family only
            exact repetitions within the source are.
        without: a word; documents in which it occurs, in capitals or not, are left out. Paper A takes those on the word
            slope out of OpenWebMath and puts its own problems in their place (section 3.3).
        passages: the characters of passages into which longer documents are cut and which are shuffled, so that a short
            run reads of many; None: whole documents in their order.
        installed: text that comes with installed packages.
        hub: a dataset of the Hugging Face hub.
        files: the user's own.
    """

    task: Literal["text"]
    origin: Literal["installed", "hub", "files"]
    train_tokens: PositiveInt
    heldout_fraction: float = Field(gt=0, lt=1)
    repeat: bool = False
    read_tokens: PositiveInt | None = None
    family: str | None = None
    without: str | None = Field(default=None, min_length=1)
    passages: PositiveInt | None = None
    installed: Installed | None = None
    hub: HubData | None = None
    files: TextFiles | None = None
    parallel: ClassVar[bool] = True
    seeded: ClassVar[bool] = False

    @property
    def corpus(self) -> dict[str, Any]:
        """Where the text comes from, and the packages' versions, if it comes from packages."""
        deciding = {"task", "origin", "heldout_fraction", "family", "passages", self.origin}
        deciding |= {"without"} if self.without else set()
        found = self.model_dump(mode="json", include=deciding)
        return found | ({"versions": self.installed.versions} if self.origin == "installed" and self.installed else {})

    @property
    def shards(self) -> int:
        """The shards that it is gathered in."""
        section = getattr(self, self.origin)
        return section.shards if isinstance(section, (HubData, TextFiles)) else 1

    @property
    def training(self) -> dict[str, Any]:
        """Whether it repeats, and how much of it is read."""
        return self.model_dump(
            mode="json", include={"task", "repeat"} | ({"read_tokens"} if self.read_tokens else set())
        )

    @property
    def inputs(self) -> list[str]:
        """The user's files, if it comes from them."""
        return matching_files(self.files.paths) if self.origin == "files" and self.files else []

    @property
    def family_name(self) -> str | None:
        """Its family."""
        return self.family

    @property
    def least_tokens(self) -> int:
        """What the corpus must give."""
        return self.train_tokens

    @property
    def cuts(self) -> bool:
        """Always."""
        return True

    @property
    def repeats(self) -> bool:
        """Whether it may."""
        return self.repeat

    @property
    def corpus_bytes(self) -> float:
        """What is fetched from the hub, or else what the tokens are made of."""
        if self.origin == "hub" and self.hub:
            return self.hub.megabytes * 1e6
        return float(self.train_tokens * BYTES_PER_TOKEN)

    def problems(self) -> Iterator[Problem]:
        """A section that is missing, too little text, packages that are not installed."""
        if self.read_tokens and not self.repeat:
            yield ("read_tokens",), "needs repeat: true, as a run reads the text over and over"
        if self.read_tokens and self.read_tokens > self.train_tokens:
            yield (
                ("read_tokens",),
                f"is more than train_tokens, {self.train_tokens:,}, which alone is certain to be there",
            )
        if self.shards > 1 and (self.family or self.passages):
            yield (
                (self.origin, "shards"),
                "is for sources without family and passages, which look at one text after another",
            )
        if getattr(self, self.origin) is None:
            yield ("origin",), f"needs the section {self.origin}"
        elif self.hub and self.origin == "hub" and self.train_tokens > self.hub.megabytes * 1e6:
            yield ("train_tokens",), f"is more than the {self.hub.megabytes:g} MB of hub.megabytes can hold"
        elif self.installed and self.origin == "installed":
            for i, (package, version) in enumerate(self.installed.versions.items()):
                if version is None and self.installed.packages is None:
                    yield ("installed", "packages"), f"lack {package}, which envs/lock.txt pins; run make environment"
                elif version is None:
                    yield ("installed", "packages", i), "is not installed; name packages of envs/lock.txt"

    def reads_problems(self) -> Iterator[Problem]:
        """Files that are not there or of another kind, and hashes of others."""
        if self.files and self.origin == "files":
            yield from _file_problems(self.files)


def _file_problems(files: TextFiles) -> Iterator[Problem]:
    for i, pattern in enumerate(files.paths):
        found = matching_files([pattern])
        if not found:
            yield ("files", "paths", i), "matches no file"
        if not all(path.endswith(tuple(TEXT_FILES)) for path in found):
            yield ("files", "paths", i), f"matches files that are none of {', '.join(TEXT_FILES)}"
    count = len(matching_files(files.paths))
    if count < files.shards:
        yield ("files", "shards"), f"asks for {files.shards}, and there are {count} files"
    for path in files.sha256.keys() - set(matching_files(files.paths)):
        yield ("files", "sha256", path), "is none of the files of paths"
