"""Whether the Hugging Face hub can be reached, asked once and quickly: its clients try for half a minute and longer."""

from functools import cache
from pathlib import Path

from phasemix.base.errors import one_line

SECONDS = 5.0  # in which it must answer


@cache
def hub_problem() -> str | None:
    """Why the hub cannot be reached, in words; None if it can, or if HF_HUB_OFFLINE says not to try."""
    from huggingface_hub import constants, get_session  # noqa: PLC0415 (takes a second)

    if constants.HF_HUB_OFFLINE:
        return None
    try:
        get_session().head(constants.ENDPOINT, timeout=SECONDS)
    except Exception as error:  # of the name, of the network, of a proxy, of certificates
        return f"{constants.ENDPOINT} does not answer: {one_line(error)}"
    return None


def from_cache_alone(name: str) -> bool:
    """Whether a model or tokenizer of this name can be had from the cache alone, as the hub cannot be reached."""
    return not Path(name).is_dir() and hub_problem() is not None


def cache_alone() -> str | None:
    """Why the hub cannot be reached, if so; its libraries then take what they have, as HF_HUB_OFFLINE tells them."""
    problem = hub_problem()
    if problem:
        from datasets import config  # noqa: PLC0415 (takes a second)
        from huggingface_hub import constants  # noqa: PLC0415

        constants.HF_HUB_OFFLINE = config.HF_HUB_OFFLINE = True
    return problem


def why_not(name: str, error: Exception) -> str:
    """Why a model or tokenizer of this name could not be loaded, in words."""
    return (hub_problem() if from_cache_alone(name) else None) or one_line(error)
