"""All claims, found by listing the folders of the papers."""

from functools import cache
from importlib import import_module
from pathlib import Path

from phasemix.base.spelling import natural
from phasemix.claims.claim import Claim

FOLDER = Path(__file__).parent


@cache
def claim_modules() -> list[str]:
    """The names of the modules that hold a claim each; none is imported."""
    files = sorted(FOLDER.glob("*/[!_]*.py"))
    return [f"phasemix.claims.{path.parent.name}.{path.stem}" for path in files]


def claims() -> list[Claim]:
    """All claims, in natural order of their ids: A-Fig 2 before A-Fig 10."""
    return sorted((import_module(module).CLAIM for module in claim_modules()), key=lambda claim: natural(claim.id))
