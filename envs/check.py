"""Does this environment hold exactly the lock, and the extras that are named? Exit code 1 and a line on stderr if not.

The stamp, written last by a set-up that went through (``--stamp``), holds the checksum of the lock
and of the package's metadata; the versions of all installed packages are compared besides.
"""

import hashlib
import re
import sys
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
STAMP = Path(sys.prefix) / "phasemix.stamp"


def main() -> None:
    """Compare, and with ``--stamp`` seal what was just installed."""
    lock = (ROOT / "envs" / "lock.txt").read_text()
    seal = hashlib.sha256((lock + (ROOT / "pyproject.toml").read_text() + str(ROOT)).encode()).hexdigest()
    extras = [name for name in sys.argv[1:] if name != "--stamp"]
    lists = [lock, *((ROOT / "envs" / f"{extra}.txt").read_text() for extra in extras)]
    pinned = {name: version for text in lists for name, version in PINNED.findall(text)}
    installed = {name_of(d.metadata["Name"]): d.version.partition("+")[0] for d in distributions()}
    wrong = [name for name, version in pinned.items() if installed.get(name_of(name)) != version]
    if "phasemix" not in installed:
        wrong.append("phasemix")
    if wrong:
        sys.exit(f"missing or of another version: {', '.join(wrong)}")
    if "--stamp" in sys.argv:
        STAMP.write_text(seal)
    elif not STAMP.exists() or STAMP.read_text() != seal:
        sys.exit("set up from another lock, in another place, or not to the end")


def name_of(name: str) -> str:
    """A distribution's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
