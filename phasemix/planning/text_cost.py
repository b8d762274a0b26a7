"""What it costs to gather a study's text and to tokenise it: seconds and memory of the jobs of every source."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from phasemix.planning.spec import Hardware
from phasemix.study.config import Config
from phasemix.tasks.source import Source

START_SECONDS = 5.0  # of a process that gathers or tokenises
GATHERED_BYTES, TOKENS = 10e6, 1e6  # that a core gathers and makes in a second (docs/corpora.md)
PROCESS_MEGABYTES = 900  # of each shard that is worked on: libraries, and some thousand documents
HASH_BYTES = 100  # of a document, while the repetitions of a source in one piece are left out
COMPARED_MEGABYTES = 600  # while those of many shards are looked for
TOKENS_PER_DOCUMENT = 200  # at least
SUBJECT_BYTES = 4000  # facts and pieces of a biography, as objects


@dataclass(frozen=True)
class TextCost:
    """Of one source: seconds of the job that gathers it and of that which tokenises it, the larger one's megabytes."""

    gathering: float
    tokenising: float
    megabytes: float

    @property
    def seconds(self) -> float:
        """Of both jobs."""
        return self.gathering + self.tokenising


def text_costs(config: Config, tokenised: Collection[tuple[str, str]]) -> dict[str, TextCost]:
    """The cost of every source that a study reads, by its name; ``tokenised`` are pairs of a tokenizer and a source.

    A source in shards is worked on by as many cores as it has shards, ``hardware.text_cores`` at most; any other is
    gathered by one and tokenised by two.
    """
    tokenizers = Counter(source for _, source in tokenised)
    return {name: _cost(config.sources[name], config, tokenizers[name]) for name in config.read}


def text_cores(source: Source, hardware: Hardware) -> int:
    """The cores of a job of a source, where jobs are submitted: one in one piece uses two when it is tokenised."""
    return min(hardware.text_cores, max(source.shards, 2)) if source.parallel else 1


def _cost(source: Source, config: Config, tokenizers: int) -> TextCost:
    cores = text_cores(source, config.hardware)
    side_by_side = min(cores, source.shards)
    tokens = source.least_tokens or 0
    hashes = COMPARED_MEGABYTES * 2**20 if source.shards > 1 else HASH_BYTES * tokens / TOKENS_PER_DOCUMENT
    return TextCost(
        START_SECONDS + source.corpus_bytes / (GATHERED_BYTES * side_by_side),
        tokenizers * (START_SECONDS + tokens / (TOKENS * cores)),
        side_by_side * PROCESS_MEGABYTES + (SUBJECT_BYTES * source.subjects + hashes) / 2**20,
    )
