"""Which commit of a model on the Hugging Face hub a revision is, asked in seconds."""

from pathlib import Path

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.hub import SECONDS, hub_problem


def commit_of(name: str, revision: str, *, key: str) -> str:
    """The commit that a revision of a model is; no weights are fetched. ``key`` is what the user names the model by.

    Where the hub cannot be reached, or ``HF_HUB_OFFLINE`` says not to try, it is the one in the cache.

    Raises:
        PhasemixError: there is no such model or revision, it is not given to this user, or it is not in the cache.
    """
    import huggingface_hub as hub  # noqa: PLC0415 (takes a second)
    from huggingface_hub import constants  # noqa: PLC0415 (no attribute of it before this)
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError  # noqa: PLC0415

    offline = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else hub_problem()
    if offline:
        cached = hub.try_to_load_from_cache(name, "config.json", revision=revision)
        if not isinstance(cached, str):
            raise PhasemixError(
                f"{key} {name}: is not in the cache at revision {revision} ({offline}); fetch it where there is a"
                f" network (hf download {name} --revision {revision}), or name a folder with the model"
            )
        return Path(cached).parent.name
    page = f"{constants.ENDPOINT}/{name}"
    try:
        api = hub.HfApi(endpoint=constants.ENDPOINT)
        commit = str(api.model_info(name, revision=revision, timeout=SECONDS).sha)
        file = hub.hf_hub_url(name, "config.json", revision=commit)
        hub.get_hf_file_metadata(file, timeout=SECONDS)  # what a licence withholds has a public page
        return commit
    except GatedRepoError as error:
        raise PhasemixError(
            f"{key} {name}: is given only to those who accept its licence; accept it at {page}, then `hf auth login`"
        ) from error
    except RepositoryNotFoundError as error:
        raise PhasemixError(
            f"{key} {name}: is not on the hub, or not for you to see; check the name, or `hf auth login`"
        ) from error
    except Exception as error:  # of the network, of the hub, of the revision
        raise PhasemixError(
            f"{key} {name}: the hub does not say what revision {revision} is ({one_line(error)}); check both, and the"
            " network"
        ) from error
