"""How fast text is gathered and tokenised in shards: PYTHONPATH=. python bench/corpora_at_scale.py.

The text is the documentation of all installed packages, thrice, each time with another number before it, in files of
JSON lines; the tokenizer, trained on it first, has 50,257 entries and splits words as GPT-NeoX's does. Prints megabytes
gathered and tokens made a second, with the start of all processes, by one process and by two, and the ratio of both.
"""

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from phasemix.corpora.document_shards import write_document_shards
from phasemix.corpora.tokenizer import Tokenizer
from phasemix.corpora.tokens import write_tokens
from phasemix.tasks.text.installed import installed

SHARDS = 8
COPIES = 3
VOCABULARY = 50_257  # of GPT-NeoX's tokenizer, without what was added to it
HELDOUT = 0.002


def write_files(folder: Path) -> list[str]:
    """The documentation of all packages, in ``SHARDS`` files; returns its texts, each once."""
    folder.mkdir()
    texts = list(installed("docstrings", threads=2))
    for number in range(SHARDS):
        own = [f"{copy}. {text}" for copy in range(COPIES) for text in texts[number::SHARDS]]
        lines = "".join(json.dumps({"text": text}) + "\n" for text in own)
        (folder / f"{number}.jsonl").write_text(lines, encoding="utf-8")
    return texts


def write_tokenizer(texts: list[str], folder: Path) -> None:
    """A byte-level BPE as GPT-NeoX's: no space before a text's first word."""
    # Here, as every process of the measured ones imports this module.
    import tokenizers
    from tokenizers import decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    from phasemix.corpora.make_tokenizer import END_OF_TEXT, save_tokenizer

    found = tokenizers.Tokenizer(models.BPE())
    found.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    found.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[END_OF_TEXT], initial_alphabet=alphabet, show_progress=False
    )
    found.train_from_iterator(texts, trainer)
    save_tokenizer(PreTrainedTokenizerFast(tokenizer_object=found, eos_token=END_OF_TEXT), folder)


def texts_of(folder: Path, shard: int) -> list[str | None]:
    """The texts of a shard."""
    from phasemix.tasks.text.texts import file_texts

    return list(file_texts([str(folder / "*.jsonl")], shards=SHARDS, shard=shard))


def timed(work: Callable[[], dict[str, int]]) -> tuple[dict[str, int], float]:
    """What work counts, and the seconds that it took, with the start of its processes."""
    began = time.perf_counter()
    counts = work()
    return counts, time.perf_counter() - began


def main() -> None:
    """Measure, and print."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_tokenizer(write_files(folder / "text"), folder / "tokenizer")
        speeds: dict[str, list[float]] = {"gathered": [], "tokenised": []}
        for processes in (1, 2):
            out = folder / f"by {processes}"
            gather = partial(write_document_shards, partial(texts_of, folder / "text"), SHARDS, HELDOUT, out, processes)
            counts, seconds = timed(gather)
            speeds["gathered"].append(counts["bytes"] / seconds / 1e6)
            tokenizer = Tokenizer(folder / "tokenizer", processes)
            tokens, seconds = timed(partial(write_tokens, out / "documents.parquet", tokenizer, out / "tokens"))
            speeds["tokenised"].append((tokens["train_tokens"] + tokens["heldout_tokens"]) / seconds / 1e6)
        print(f"{counts['documents']:,} documents of {counts['bytes'] / 1e6:.1f} MB, {tokens['train_tokens']:,} tokens")
        for what, unit in (("gathered", "MB/s"), ("tokenised", "million tokens/s")):
            one, two = speeds[what]
            print(f"{what:<10} {one:6.2f} {unit} by one process, {two:6.2f} by two: {two / one:.2f} times as fast")


if __name__ == "__main__":
    main()
