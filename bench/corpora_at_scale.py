"""How fast text is gathered and tokenised in shards: PYTHONPATH=. python bench/corpora_at_scale.py.

The text is the documentation of all installed packages, thrice, each time with another number before it, in files of
JSON lines; the tokenizer, trained on it first, has 50,257 entries and splits words as GPT-NeoX's does. The jobs are
those of a study. Prints megabytes gathered and tokens made a second, with the start of all processes, by one process
and by two, and the ratio of both.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from phasemix.base.files import checksums_of, read_json, write_checksums
from phasemix.corpora.make_tokenizer import END_OF_TEXT, save_tokenizer
from phasemix.tasks.text.installed import installed

ROOT = Path(__file__).parent.parent
SHARDS = 8
COPIES = 3
VOCABULARY = 50_257  # of GPT-NeoX's tokenizer, without what was added to it


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
    found = tokenizers.Tokenizer(models.BPE())
    found.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    found.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=[END_OF_TEXT], initial_alphabet=alphabet, show_progress=False
    )
    found.train_from_iterator(texts, trainer)
    save_tokenizer(PreTrainedTokenizerFast(tokenizer_object=found, eos_token=END_OF_TEXT), folder)
    write_checksums(checksums_of(folder), sorted(folder.iterdir()))


def job(script: str, out: Path, *arguments: str | Path) -> tuple[dict[str, Any], float]:
    """What a job's checksums say, and the seconds that it took."""
    command = [sys.executable, ROOT / "scripts" / script, *arguments, "--out", out]
    began = time.perf_counter()
    subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL, check=True)
    return read_json(checksums_of(out)), time.perf_counter() - began


def main() -> None:
    """Measure, and print."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_tokenizer(write_files(folder / "text"), folder / "tokenizer")
        files = {"paths": [str(folder / "text" / "*.jsonl")], "shards": SHARDS}
        options = {"task": "text", "origin": "files", "heldout_fraction": 0.002, "family": None, "passages": None}
        speeds: dict[str, list[float]] = {"gathered": [], "tokenised": []}
        for processes in ("1", "2"):
            text, tokens = folder / f"text by {processes}", folder / f"tokens by {processes}"
            given = ("--options", json.dumps(options | {"files": files}), "--seed", "0", "--threads", processes)
            gathered, seconds = job("corpus.py", text, *given)
            speeds["gathered"].append(gathered["bytes"] / seconds / 1e6)
            given = ("--task", "text", "--corpus", str(text), "--threads", processes)
            made, seconds = job("tokens.py", tokens, *given, "--tokenizer", folder / "tokenizer")
            speeds["tokenised"].append((made["train_tokens"] + made["heldout_tokens"]) / seconds / 1e6)
        print(
            f"{gathered['documents']:,} documents of {gathered['bytes'] / 1e6:.1f} MB, {made['train_tokens']:,} tokens"
        )
        for what, unit in (("gathered", "MB/s"), ("tokenised", "million tokens/s")):
            one, two = speeds[what]
            print(f"{what:<10} {one:6.2f} {unit} by one process, {two:6.2f} by two: {two / one:.2f} times as fast")


if __name__ == "__main__":
    main()
