"""Code that is edited while a workflow runs: no result is credited to code that did not make it."""

import subprocess
import time

import pytest

from phasemix.base.files import read_json
from tests.patience import PATIENCE
from tests.workflow.checkout import SMOKE, SNAKEMAKE, edit, inside, jobs

pytestmark = pytest.mark.xdist_group("workflow")

CELLS = [f"results/smoke/runs/transition/size={size}/ratio=0.6/seed=0" for size in ("23k", "39k")]
CELLS += ["results/smoke/runs/transition/size=39k/ratio=0.3/seed=0"]
OPTIMIZER = "phasemix/training/optimizer.py"
NOW, THEN = "EPSILON = 1e-8", "EPSILON = 1e-7"


def test_cells_that_would_run_edited_code_are_refused_and_those_before_stand(changed):
    """Three cells, one at a time; the optimizer is edited as soon as one is there."""
    whole = {cell: read_json(changed / cell / "manifest.json")["weights_sha256"] for cell in CELLS}
    manifests = {cell: changed / cell / "manifest.json" for cell in CELLS}
    for manifest in manifests.values():
        manifest.unlink()
    targets = [f"{cell}/manifest.json" for cell in CELLS]
    process = subprocess.Popen(
        [*SNAKEMAKE, *targets, *SMOKE, "--cores", "1", "--keep-going"],
        cwd=changed,
        env=inside(changed),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + PATIENCE
    while not any(manifest.exists() for manifest in manifests.values()):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    edit(changed / OPTIMIZER, NOW, THEN)
    assert process.wait(PATIENCE) != 0
    done = [cell for cell, manifest in manifests.items() if manifest.exists()]
    refused = [cell for cell in CELLS if cell not in done]
    assert done
    assert refused
    for cell in refused:
        log = changed / cell.replace("smoke/runs/", "smoke/logs/train/")
        (said,) = log.with_name(f"{log.name}.log").read_text().splitlines()
        assert said.startswith(f"error: {OPTIMIZER}, which defines what scripts/train.py does, was edited while the")
    edited = jobs(changed)
    assert (edited["train"], edited["trunk"]) == (9, 3)
    edit(changed / OPTIMIZER, THEN, NOW)
    assert jobs(changed, *targets) == {"train": len(refused)}
    for cell in done:
        assert read_json(manifests[cell])["weights_sha256"] == whole[cell]
