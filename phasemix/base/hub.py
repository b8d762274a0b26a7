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


def why_not(name: str, error: Exception) -> str:
    """Why a model or tokenizer of this name could not be loaded, in words."""
    return (hub_problem() if from_cache_alone(name) else None) or one_line(error)
