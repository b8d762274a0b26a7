"""``phasemix wikibio build``: the table of WikiBio from public data, by :mod:`phasemix.wikibio.rule`."""

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json
from phasemix.commands.output import Output, check_folder, check_out, say
from phasemix.wikibio.articles import Articles
from phasemix.wikibio.occupations import read_occupations
from phasemix.wikibio.paraphrasers import EndpointParaphraser, LocalParaphraser, Paraphraser
from phasemix.wikibio.paraphrases import Asking, write_paraphrases
from phasemix.wikibio.people import counted, people_stamp, write_people
from phasemix.wikibio.stage import finished, record_of
from phasemix.wikibio.table import write_table
from phasemix.wikibio.texts import texts_stamp, write_texts


def run(args: argparse.Namespace) -> Output:
    """Go through the stages that are not finished; without a model, up to the texts."""
    people, texts, paraphrases = (args.work / name for name in ("people.parquet", "texts.parquet", "paraphrases"))
    occupations = read_occupations(args.occupations)
    stamp = people_stamp(args.wikidata, occupations)
    articles = Articles(args.articles, args.articles_config, args.articles_revision)
    check_folder(args.work, option="--work")
    check_out(args.out, people, texts)
    if args.out.suffix != ".parquet":
        raise PhasemixError(f"--out {args.out}: must be a file that ends in .parquet")
    _check_model(args)
    paraphraser = _paraphraser(args)
    if not finished(people, stamp):
        articles.open()
        write_people(args.wikidata, occupations, people)
    if not finished(texts, texts_stamp(people, articles)):
        write_texts(people, articles, occupations, texts)
    told = read_json(record_of(texts))
    if paraphraser is None:
        text = f"{told['texts']:,} people have a text; give --model to paraphrase them"
        return Output(text, {"texts": told["texts"]})
    asking = Asking(args.paraphrases, args.tries, args.batch, args.people, args.seed)
    shards = write_paraphrases(texts, paraphraser, asking, paraphrases)
    record = write_table(texts, shards, args.paraphrases, args.out, [people, texts, paraphrases])
    if args.people and record["table"]["people"] < args.people:
        say([f"{args.people:,} people were asked for; a larger --people adds to those that are there"])
    return Output(_text(record, args.out), record)


def _check_model(args: argparse.Namespace) -> None:
    if args.endpoint and not args.model:
        raise PhasemixError("--endpoint: needs --model, the name of the model there")
    if args.endpoint and args.model_revision:
        raise PhasemixError("--model-revision: is of a model of the hub, and --endpoint has its own; leave out one")


def _paraphraser(args: argparse.Namespace) -> Paraphraser | None:
    if not args.model:
        return None
    if args.endpoint:
        return EndpointParaphraser(args.model, args.endpoint)
    return LocalParaphraser(args.model, args.model_revision)


def _text(record: Mapping[str, Any], out: Path) -> str:
    people, texts = record["stages"]["people"], record["stages"]["texts"]
    table = pd.DataFrame(
        [
            ("people of Wikidata", people["people"], _counts(people["passed_over"])),
            ("with a text", texts["texts"], _counts(texts["not_tell"] | {"no article": texts["without_article"]})),
            ("with all paraphrases", record["table"]["people"], f"too few: {record['too_few_paraphrases']:,}"),
            ("paraphrases refused", sum(record["refused"].values()), _counts(record["refused"])),
        ],
        columns=["", "count", "left out"],
    )
    return f"{table.to_string(index=False)}\nwritten to {out} and {record_of(out)}"


def _counts(counts: Mapping[str, int]) -> str:
    return counted(Counter(counts))
