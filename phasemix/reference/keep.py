"""Keeping the results of an experiment for readers who run nothing.

Format of ``docs/results/<scale>/``: ``ledger.csv``, and one folder per experiment with its ``tables/`` (small files
only), its ``figures/``, and ``run.json``: the ``commit`` that trained its cells, the ``machine`` (processor, cores,
GPUs), the ``versions`` of what computes, ``cells``, ``tokens`` trained on, and ``core_hours``.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic, read_json, write_json

LARGEST_BYTES = 1_000_000  # of a table that is kept
KEPT_TABLES = (".csv", ".json")


def keep(results: Path, experiment: str, reference: Path) -> None:
    """Keep the results of an experiment, from the folder of a scale's results, in that of its reference results.

    Raises:
        PhasemixError: they are not complete.
    """
    tables, figures = results / "tables" / experiment, results / "figures" / experiment
    if not (results / "sections" / f"{experiment}.html").exists():
        raise PhasemixError(f"{tables}: the experiment is not finished; `make reproduce` first")
    with atomic(reference / experiment) as folder:
        for source, target in ((tables, folder / "tables"), (figures, folder / "figures")):
            target.mkdir(parents=True)
            for path in sorted(source.glob("*")):
                small = path.stat().st_size <= LARGEST_BYTES
                if small and (source == figures or path.suffix in KEPT_TABLES):
                    shutil.copyfile(path, target / path.name)
        write_json(folder / "run.json", _run(tables))


def _run(tables: Path) -> dict[str, Any]:
    """What ``run.json`` says; of an experiment that trained nothing, nothing but the cores."""
    if not (tables / "facts.json").exists():
        return {"machine": {"cores": os.cpu_count()}}
    facts = read_json(tables / "facts.json")
    return {
        "commit": facts["git_commits"],
        "machine": {"processor": facts["processors"], "cores": os.cpu_count(), "gpus": facts["gpus"]},
        "versions": facts["versions"],
        **{name: facts[name] for name in ("cells", "tokens", "trained_tokens", "core_hours")},
    }
