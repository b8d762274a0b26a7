"""What studies share: corpora through a cache, results from another place, pages from tables; and a budget."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.workflow.checkout import SMOKE, copy_checkout, edit, inside, jobs, snakemake, without_environment

pytestmark = pytest.mark.xdist_group("workflow")


def copied(source: Path, target: Path, *folders: str) -> Path:
    """A fresh checkout with folders of another, as rsync -aR copies them: with their times, which are older."""
    copy_checkout(target)
    for folder in folders:
        shutil.copytree(source / folder, target / folder)
    return target


def test_results_from_elsewhere_are_recognised_with_their_metadata(finished, tmp_path):
    folder = copied(finished, tmp_path / "laptop", "results/smoke", ".snakemake/metadata")
    assert jobs(folder) == {}
    edit(folder / "scales/smoke.yaml", "ratios: [0.1, 0.3, 0.6]", "ratios: [0.1, 0.3, 0.45, 0.6]")
    assert jobs(folder)["train"] == 2


def test_adopted_results_of_other_code_are_not_taken_for_ones_own(finished, tmp_path):
    folder = copied(finished, tmp_path / "laptop", "results/smoke", ".snakemake/metadata")
    edit(folder / "phasemix/training/optimizer.py", "EPSILON = 1e-8", "EPSILON = 1e-7")
    assert jobs(folder)["train"] == 9


def test_pages_are_made_from_tables_alone(finished, tmp_path):
    folder = copied(finished, tmp_path / "laptop", "results/smoke/tables")
    without_environment(folder)
    run = ["make", "pages", "SCALE=smoke"]
    done = subprocess.run(run, cwd=folder, env=inside(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    made, whole = (place / "results/smoke" for place in (folder, finished))
    assert (made / "report.html").read_bytes() == (whole / "report.html").read_bytes()
    assert sorted(path.name for path in made.iterdir() if path.is_dir()) == [
        "benchmarks",
        "figures",
        "logs",
        "sections",
        "tables",
    ]


def test_a_second_study_on_the_same_corpora_makes_none_of_them_again(changed, tmp_path, monkeypatch):
    """Another scale takes the corpora of the first; one with another seed shares the web text alone.

    Copied with the files that its links lead to, the first needs the cache no more.
    """
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setenv("SNAKEMAKE_OUTPUT_CACHE", str(cache))
    smoke = (changed / "scales/smoke.yaml").read_text()
    stages = [f"tokens/laptop/{source}.checksums.json" for source in ("web", "synbio-120")]
    entries = {}
    for name, change in (("one", ""), ("two", ""), ("three", "seed: 1\n")):
        overlay = changed / f"scales/{name}.yaml"
        overlay.write_text(change + smoke.replace("scale: smoke", f"scale: {name}"))
        targets = [f"results/{name}/{stage}" for stage in stages]
        snakemake(changed, *targets, "--configfile", str(overlay), "--cache")
        entries[name] = {path.name: path.stat().st_mtime_ns for path in cache.iterdir() if path.is_file()}
    assert entries["one"]
    assert entries["two"] == entries["one"]
    files = ["corpora/web/documents.parquet", "tokenizers/laptop/tokenizer.json", "tokens/laptop/web/train.bin"]
    one, two, three = ([(changed / f"results/{name}" / file).resolve() for file in files] for name in entries)
    assert one == two
    assert [here == there for here, there in zip(one, three)] == [True, False, False]

    folder = copied(changed, tmp_path / "laptop", "results/one", ".snakemake/metadata")  # follows links: rsync -L
    shutil.copy(changed / "scales/one.yaml", folder / "scales")
    shutil.rmtree(cache)
    target = "results/one/runs/transition/size=23k/ratio=0.1/seed=0/manifest.json"
    done = snakemake(folder, target, "--dry-run", "--configfile", "scales/one.yaml")
    planned = re.findall(r"^(\w+) +\d+$", done.stdout + done.stderr, re.MULTILINE)
    assert set(planned) == {"train", "total"}


def test_a_study_above_its_budget_is_not_started(changed):
    edit(changed / "config.yaml", "device_hours: null", "device_hours: 1.0e-6")
    edit(changed / "scales/smoke.yaml", "ratios: [0.1, 0.3, 0.6]", "ratios: [0.1, 0.3, 0.45, 0.6]")
    assert jobs(changed)["train"] == 2  # a dry run costs nothing
    done = snakemake(changed, *SMOKE, check=False)
    assert done.returncode == 1
    assert "error: hardware.budget.device_hours = 1e-06: this study comes to" in done.stderr
    assert not (changed / "results/smoke/runs/transition/size=23k/ratio=0.45").exists()
    edit(changed / "config.yaml", "device_hours: 1.0e-6", "device_hours: null")
    assert jobs(changed)["train"] == 2  # the folder is not locked
