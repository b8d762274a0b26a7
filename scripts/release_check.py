"""Make sure that all places name the same version: python scripts/release_check.py.

``pyproject.toml`` has the version; ``CITATION.cff`` and the first heading of ``CHANGELOG.md`` repeat it. On a commit
with a tag ``v…`` the tag names it too, the heading has the date of the release, and so has ``CITATION.cff``.
"""

import re
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

from phasemix.base.errors import PhasemixError, run
from phasemix.study.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parent.parent
HEADING = re.compile(r"^## (\S+?)(?:, (\d{4}-\d{2}-\d{2})|, not released yet)$", re.MULTILINE)


def check(root: Path, tags: Sequence[str]) -> str:
    """The version of a checkout, whose commit has these tags.

    Raises:
        PhasemixError: two places disagree.
    """
    package = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = read_yaml(root / "CITATION.cff")
    heading = HEADING.search((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    if heading is None:
        raise PhasemixError(
            "CHANGELOG.md: has no heading such as `## 1.2.0, 2027-01-31` or `## 1.2.0, not released yet`"
        )
    version, date = package["version"], heading[2]
    for place, named in (
        ("CITATION.cff: version", cited.get("version")),
        ("CHANGELOG.md: the first heading", heading[1]),
    ):
        if named != version:
            raise PhasemixError(f"{place} is {named}, and that of pyproject.toml {version}; make them one")
    if cited.get("license") != package["license"]:
        raise PhasemixError(f"CITATION.cff: license is {cited.get('license')}, in pyproject.toml {package['license']}")
    for tag in (tag for tag in tags if tag.startswith("v")):
        if tag != f"v{version}":
            raise PhasemixError(f"the tag {tag} is not v{version}, the version of pyproject.toml; tag the right commit")
        if date is None:
            raise PhasemixError(
                f"CHANGELOG.md: {version} is tagged, and its heading has no date; write the day of the release"
            )
        if str(cited.get("date-released")) != date:
            raise PhasemixError(f"CITATION.cff: date-released must be {date}, the day of {version} in CHANGELOG.md")
    return str(version)


def main() -> None:
    """Check this checkout."""
    tags = subprocess.run(["git", "tag", "--points-at", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    print(check(ROOT, tags.stdout.split()))


if __name__ == "__main__":
    run(main)
