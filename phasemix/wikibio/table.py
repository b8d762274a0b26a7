"""The last stage: the table that the tasks ``wikibio`` and ``wikibio_tuples`` read.

Format: as :mod:`phasemix.tasks.wikibio.biographies` has it, and ``item`` (of Wikidata). A name is an article's title.

Format of its record, a JSON file of the same name: ``rule`` (where it stands), ``table`` (``sha256``, and how many
``people``), ``too_few_paraphrases`` (people who are left out), ``refused`` (paraphrases, by what is wrong with them),
``stages`` (the record of each), ``licences`` and ``provenance``.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic, read_json, sha256, write_json
from phasemix.wikibio import rule
from phasemix.wikibio.paraphrases import read_shards
from phasemix.wikibio.people import counted
from phasemix.wikibio.stage import record_of

COLUMNS = ("item", "name", "occupation", "birth_date", "text")
LICENCES = {"wikidata": "CC0", "wikipedia": "CC BY-SA: name the articles, and share alike"}


def write_table(
    texts: Path, shards: Sequence[Path], versions: int, path: Path, stages: Sequence[Path]
) -> dict[str, Any]:
    """Write the table and its record (formats above); returns the record. Memory holds all texts.

    Args:
        texts: ``texts.parquet``.
        shards: of :mod:`phasemix.wikibio.paraphrases`.
        versions: paraphrases that everybody must have.
        path: of the table.
        stages: files and folders whose records are repeated.

    Raises:
        PhasemixError: nobody has so many paraphrases.
    """
    columns = [*COLUMNS, *(f"paraphrase_{number}" for number in range(1, versions + 1))]
    schema = pa.schema([(name, pa.string()) for name in columns])
    all_texts = pq.ParquetFile(texts).read(list(COLUMNS))
    asked, people, refused = 0, 0, Counter[str]()
    with atomic(path) as temporary:
        with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
            for lines in read_shards(shards):
                asked += len(lines)
                for line in lines:
                    refused.update(line["refused"])
                whole = [line for line in lines if len(line["paraphrases"]) == versions]
                subjects = all_texts.take([line["row"] for line in whole]).to_pylist() if whole else []
                rows = [
                    dict(zip(columns, [*(one[name] for name in COLUMNS), *line["paraphrases"]], strict=True))
                    for one, line in zip(subjects, whole, strict=True)
                ]
                writer.write_table(pa.Table.from_pylist(rows, schema))
                people += len(rows)
        if not people:
            raise PhasemixError(
                f"none of {asked:,} people has {versions} paraphrases that tell what they must; refused:"
                f" {counted(refused)}; take another --model, fewer --paraphrases or more --tries"
            )
    from phasemix.base.provenance import provenance  # noqa: PLC0415 (which takes seconds)

    record = {
        "rule": rule.__name__,
        "table": {"sha256": sha256(path), "people": people},
        "too_few_paraphrases": asked - people,
        "refused": dict(sorted(refused.items())),
        "stages": {stage.stem: read_json(record_of(stage)) for stage in stages},
        "licences": LICENCES,
        "provenance": provenance(),
    }
    write_json(record_of(path), record)
    return record
