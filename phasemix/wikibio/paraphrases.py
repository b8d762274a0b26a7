"""The third stage: paraphrases of the texts, in shards of as many people as are asked about at once.

People are taken in an order that a seed draws, so that the first ones are a random sample, and asking for more people
later adds shards to those that are there.

Format of the folder ``paraphrases``: ``00000.jsonl``, ``00001.jsonl`` and so on, a line per person, in the drawn
order; ``row`` (of ``texts.parquet``), ``paraphrases`` (those that tell what they must, as many as were asked for, or
fewer) and ``refused`` (how many others there were, by what is wrong with them). Its record, written first, holds the
``stamp``.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, write_json, write_text
from phasemix.base.seeds import generator, named_seed
from phasemix.training.progress import progress
from phasemix.wikibio.paraphrasers import Paraphraser
from phasemix.wikibio.rule import PROMPT, RULE, not_told, numbered, prompt
from phasemix.wikibio.stage import check_stamp, record_of


@dataclass(frozen=True)
class Asking:
    """How a model is asked.

    Attributes:
        versions: paraphrases of every text.
        tries: how often at most it is asked about a text.
        batch: how many texts at once.
        people: how many; None for all.
        seed: decides the order of people, and what is sampled.
    """

    versions: int
    tries: int
    batch: int
    people: int | None
    seed: int


def paraphrases_stamp(texts: Path, paraphraser: Paraphraser, asking: Asking) -> dict[str, Any]:
    """What decides the paraphrases of a person; how many people there are does not."""
    asked = {"paraphrases": asking.versions, "tries": asking.tries, "batch": asking.batch, "seed": asking.seed}
    return {
        "rule": RULE,
        "texts": read_json(record_of(texts))["sha256"],
        "model": paraphraser.stamp,
        "prompt": PROMPT,
    } | asked


def write_paraphrases(texts: Path, paraphraser: Paraphraser, asking: Asking, folder: Path) -> list[Path]:
    """Write the shards (format above) that are not there yet, each in one go; returns all of them.

    Memory holds all texts.

    Raises:
        PhasemixError: the folder was begun with another model or in another way, or the model does not answer.
    """
    stamp = paraphrases_stamp(texts, paraphraser, asking)
    if record_of(folder).exists():
        check_stamp(record_of(folder), stamp)
    elif folder.exists():
        raise PhasemixError(
            f"{folder}: lacks its record, {record_of(folder)}; remove the folder, or name another --work"
        )
    else:
        write_json(record_of(folder), {"stamp": stamp})
    table = pq.ParquetFile(texts).read()
    order = generator(asking.seed, "order of people").permutation(len(table))
    rows = [order[at : at + asking.batch].tolist() for at in range(0, len(order), asking.batch)]
    wanted = range(-(-min(asking.people or len(order), len(order)) // asking.batch))
    shards = [folder / f"{number:05}.jsonl" for number in wanted]
    missing = [number for number in wanted if not shards[number].exists()]
    with progress(len(wanted), len(wanted) - len(missing), silent=not missing, unit="batch") as bar:
        for number in missing:
            subjects = table.take(rows[number]).to_pylist()
            lines = _shard(subjects, rows[number], paraphraser, asking, named_seed(asking.seed, "shard", number))
            write_text(shards[number], "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines))
            bar.update()
    return shards


def read_shards(shards: Sequence[Path]) -> Iterator[list[dict[str, Any]]]:
    """The lines of every shard."""
    for shard in shards:
        yield [json.loads(line) for line in shard.read_text(encoding="utf-8").split("\n") if line]


def _shard(
    subjects: Sequence[Mapping[str, str]], rows: Sequence[int], paraphraser: Paraphraser, asking: Asking, seed: int
) -> list[dict[str, Any]]:
    """The lines of a shard: those who have too few paraphrases yet are asked about again."""
    good: list[list[str]] = [[] for _ in subjects]
    refused: list[Counter[str]] = [Counter() for _ in subjects]
    for attempt in range(asking.tries):
        open_ = [i for i, found in enumerate(good) if len(found) < asking.versions]
        if not open_:
            break
        requests = [prompt(subjects[i]["name"], subjects[i]["text"], asking.versions) for i in open_]
        answers = paraphraser.answers(requests, asking.versions, named_seed(seed, "attempt", attempt))
        for i, answer in zip(open_, answers, strict=True):
            for text in numbered(answer):
                if problem := _problem(text, subjects[i], good[i]):
                    refused[i][problem] += 1
                elif len(good[i]) < asking.versions:
                    good[i].append(text)
    return [
        {"row": row, "paraphrases": found, "refused": dict(sorted(counts.items()))}
        for row, found, counts in zip(rows, good, refused, strict=True)
    ]


def _problem(text: str, subject: Mapping[str, str], good: Sequence[str]) -> str | None:
    if text in (subject["text"], *good):
        return "repeated"
    return not_told(text, subject["name"], subject["words"], subject["birth_date"])
