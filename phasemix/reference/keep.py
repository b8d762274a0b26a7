"""Keeping the results of an experiment for readers who run nothing.

Format of ``docs/results/<scale>/``: ``ledger.csv``, ``README.md``, a page that shows it all, and one folder per
experiment with its ``tables/`` (small files only), its ``figures/``, and ``run.json``: its ``kind``, the ``commit``
that trained its cells, the ``machine`` (processor, cores, GPUs), the ``versions`` of what computes, ``cells``,
``tokens`` trained on, ``core_hours``, and the ``seconds`` that its jobs ran in all, by rule. The ledger judges the
claims by what all kept experiments found, whenever each of them was run.
"""

import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic, read_json, write_json, write_text
from phasemix.base.provenance import processor
from phasemix.base.spelling import natural
from phasemix.claims.claim import VERDICTS, Findings
from phasemix.claims.ledger import read_findings, write_ledger
from phasemix.experiments.experiment import figures, kinds

LARGEST_BYTES = 1_000_000  # of a table that is kept
KEPT_TABLES = (".csv", ".json")


def keep(
    results: Path,
    experiment: str,
    kind: str,
    reference: Path,
    *,
    cells: Collection[str] = (),
    commit: str | None = None,
) -> None:
    """Keep the results of an experiment, from the folder of a scale's results, in that of its reference results.

    Args:
        results: the folder of the scale's results.
        experiment: its name.
        kind: of the experiment.
        reference: the folder of the scale's reference results.
        cells: the names of its cells (:meth:`phasemix.study.cell_key.CellKey.format`); earlier grids may leave others.
        commit: the checkout's; it stands for an experiment that trained nothing.

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
        write_json(folder / "run.json", {"kind": kind, **_run(results, experiment, cells, commit)})


def judge_kept(reference: Path) -> None:
    """Write the ledger and the page of all experiments whose results are kept in a folder."""
    write_ledger(reference / "ledger.csv", kept_findings(reference))
    write_text(reference / "README.md", index(reference))


def kept_findings(reference: Path) -> Findings:
    """What all experiments found whose results are kept in a folder."""
    kinds = {path.parent.name: read_json(path)["kind"] for path in sorted(reference.glob("*/run.json"))}
    return read_findings(kinds, lambda name: reference / name / "tables")


def index(reference: Path) -> str:
    """The page of a folder of kept results, as Markdown: what was run, the verdicts, the figures."""
    lines = [f"# Our last runs at the scale `{reference.name}`", "", "Made by `make keep`, never by hand.", ""]
    lines += [
        "| experiment | kind | cells | code | processor | its jobs took, one after another |",
        "|---|---|---|---|---|---|",
    ]
    pictures = []
    for path in sorted(reference.glob("*/run.json")):
        run, name = read_json(path), path.parent.name
        code = ", ".join(f"{commit[:8]}{commit[40:]}" for commit in run["commit"] if commit)
        processor = f"{', '.join(run['machine']['processor'])}, {run['machine']['cores']} cores"
        minutes = sum(run["seconds"].values()) / 60
        cells = run.get("cells", "–")
        lines.append(f"| [{name}]({name}) | {run['kind']} | {cells} | {code} | {processor} | {minutes:.1f} min |")
        shown = sorted((path.parent / "figures").glob("*.png"), key=lambda picture: natural(picture.stem))
        titles = figures(run["kind"]) if run["kind"] in kinds() else {}
        pictures += [f"![{titles.get(one.stem, one.stem)}]({name}/figures/{one.name})" for one in shown]
    ledger = pd.read_csv(reference / "ledger.csv", keep_default_na=False)
    tested = ledger[ledger["verdict"] != VERDICTS[-1]]
    lines += ["", f"Of {len(ledger)} claims, {len(tested)} were tested ([ledger](ledger.csv)):", ""]
    lines += ["| claim | verdict | measured |", "|---|---|---|"]
    lines += [f"| {row.id} | {row.verdict} | {row.measured} |" for row in tested.itertuples()]
    return "\n".join([*lines, "", *(f"{picture}\n" for picture in pictures)])


def _run(results: Path, experiment: str, cells: Collection[str], commit: str | None) -> dict[str, Any]:
    """What ``run.json`` says beside the kind."""
    seconds = job_seconds(results / "benchmarks", experiment, cells)
    facts_file = results / "tables" / experiment / "facts.json"
    if not facts_file.exists():
        machine = {"processor": [processor()], "cores": os.cpu_count()}
        return {"commit": [commit], "machine": machine, "seconds": seconds}
    facts = read_json(facts_file)
    return {
        "commit": facts["git_commits"],
        "machine": {"processor": facts["processors"], "cores": os.cpu_count(), "gpus": facts["gpus"]},
        "versions": facts["versions"],
        **{name: facts[name] for name in ("cells", "tokens", "trained_tokens", "core_hours")},
        "seconds": seconds,
    }


def job_seconds(benchmarks: Path, experiment: str, cells: Collection[str]) -> dict[str, float]:
    """How long the jobs of an experiment and of these of its cells ran in all, by rule, as Snakemake measured it."""
    found = {}
    for rule in sorted(benchmarks.glob("*/")):
        files = [rule / f"{experiment}.tsv", *(rule / experiment / f"{cell}.tsv" for cell in cells)]
        files += [file for file in (rule / experiment).glob("*.tsv") if "=" not in file.name]  # figures
        files = [file for file in files if file.exists()]
        if files:
            found[rule.name] = round(sum(float(pd.read_csv(file, sep="\t")["s"].iloc[0]) for file in files), 1)
    return found
