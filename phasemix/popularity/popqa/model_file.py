"""Which model exactly is asked: found out in seconds, before any weights are loaded.

Format of ``model.json``: ``name`` (on the hub, or a folder), ``commit`` on the hub (null for a folder), and ``files``,
the SHA-256 of a folder's files by name (null for the hub).
"""

from pathlib import Path

from phasemix.base.errors import PhasemixError
from phasemix.base.files import sha256, write_json
from phasemix.base.hub_commit import commit_of


def identify_on_hub(out: Path, name: str, revision: str, *, key: str) -> None:
    """Write the file of a model on the hub; ``key``, of the configuration, names it in messages.

    Raises:
        PhasemixError: the hub does not give it.
    """
    write_json(out, {"name": name, "commit": commit_of(name, revision, key=key), "files": None})


def identify_folder(out: Path, folder: Path, *, key: str) -> None:
    """Write the file of a model in a folder.

    Raises:
        PhasemixError: there is none.
    """
    if not (folder / "config.json").is_file():
        raise PhasemixError(f"{key} {folder}: has no config.json; it must be as save_pretrained leaves it")
    files = {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.is_file()}
    write_json(out, {"name": str(folder), "commit": None, "files": files})
