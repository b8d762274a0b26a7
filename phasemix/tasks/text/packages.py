"""Which packages are installed, and which the environment pins."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LOCK = Path(__file__).parents[3] / "envs" / "lock.txt"


@cache
def locked_packages() -> list[str]:
    """The names of all packages that ``envs/lock.txt`` pins, in its order."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0] for line in lines if "==" in line]


@cache
def installed_version(package: str) -> str | None:
    """The version of an installed package, None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
