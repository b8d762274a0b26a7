"""A version that is named differently somewhere, or tagged before it is dated, is refused in one line."""

import subprocess

import pytest

from phasemix.base.errors import PhasemixError
from scripts.release_check import ROOT, check

FILES = {
    "pyproject.toml": '[project]\nversion = "1.2.0"\nlicense = "MIT"\n',
    "CITATION.cff": "version: 1.2.0\ndate-released: 2027-01-31\nlicense: MIT\n",
    "CHANGELOG.md": "# Changes\n\n## 1.2.0, 2027-01-31\n\n- This.\n\n## 1.1.0, 2026-12-24\n",
}


@pytest.fixture
def checkout(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_this_checkout_agrees():
    tags = subprocess.run(["git", "tag", "--points-at", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert f'version = "{check(ROOT, tags.stdout.split())}"' in (ROOT / "pyproject.toml").read_text()
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


def test_a_release_is_tagged_by_its_version(checkout):
    assert check(checkout, []) == check(checkout, ["v1.2.0", "paper"]) == "1.2.0"


@pytest.mark.parametrize(
    ("file", "old", "new", "tags", "problem"),
    [
        ("CITATION.cff", "1.2.0", "1.1.0", [], "CITATION.cff: version is 1.1.0"),
        ("CITATION.cff", "MIT", "GPL", [], "license is GPL"),
        ("CHANGELOG.md", "## 1.2.0", "## 1.3.0", [], "CHANGELOG.md: the first heading is 1.3.0"),
        ("CHANGELOG.md", "## 1.2.0, 2027-01-31", "## the next", ["v1.2.0"], "the first heading is 1.1.0"),
        ("pyproject.toml", "1.2.0", "1.2.1", [], "that of pyproject.toml 1.2.1"),
        ("pyproject.toml", "", "", ["v1.2.1"], "the tag v1.2.1 is not v1.2.0"),
        ("CHANGELOG.md", "2027-01-31", "not released yet", ["v1.2.0"], "its heading has no date"),
        ("CITATION.cff", "2027-01-31", "2027-01-30", ["v1.2.0"], "date-released must be 2027-01-31"),
    ],
)
def test_what_disagrees_is_named(checkout, file, old, new, tags, problem):
    text = (checkout / file).read_text()
    (checkout / file).write_text(text.replace(old, new) if old else text)
    with pytest.raises(PhasemixError, match=problem):
        check(checkout, tags)


def test_a_version_on_its_way_needs_no_date(checkout):
    text = FILES["CHANGELOG.md"].replace("2027-01-31", "not released yet")
    (checkout / "CHANGELOG.md").write_text(text)
    assert check(checkout, []) == "1.2.0"


def test_a_change_log_without_headings(checkout):
    (checkout / "CHANGELOG.md").write_text("# Changes\n")
    with pytest.raises(PhasemixError, match="has no heading such as"):
        check(checkout, [])
