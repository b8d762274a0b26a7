"""Which commit results are of, and when a checkout counts as changed."""

import subprocess
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from shutil import copy

from phasemix.base import provenance

GIT = ["git", "-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]


def test_kept_results_are_no_changes_of_a_checkout_and_code_is(tmp_path):
    def commit_of_checkout():
        spec = spec_from_file_location("provenance_of_a_checkout", tmp_path / "phasemix/base/provenance.py")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.git_commit()

    for name in ("phasemix/base", "docs/results"):
        (tmp_path / name).mkdir(parents=True)
    copy(Path(provenance.__file__), tmp_path / "phasemix/base")
    kept, config = tmp_path / "docs/results/ledger.csv", tmp_path / "config.yaml"
    kept.write_text("old")
    config.write_text("old")
    assert commit_of_checkout() is None
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "all"]):
        subprocess.run([*GIT, *command], cwd=tmp_path, check=True)
    commit = commit_of_checkout()
    assert len(commit) == 40
    kept.write_text("what `make keep` wrote")
    (tmp_path / "scales.yaml").write_text("a file of the user's own")
    assert commit_of_checkout() == commit
    config.write_text("edited")
    assert commit_of_checkout() == f"{commit}+changes"
