"""What the code and the configuration were when a workflow started.

Snakemake records what the files are when a job ends, and on a cluster each job reads the configuration anew. So the
first process writes a snapshot, all processes of the workflow look there, and every job is told the
fingerprint of the code that is expected of it (:func:`code`), and refuses to run another
(:func:`phasemix.base.sources.refuse_edited_code`).

Format: ``.snakemake/phasemix/<hash>.json`` with ``files``, the SHA-256 of every source file by its path below the
checkout, and ``config``, that of the merged configuration.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from phasemix.base.errors import PhasemixError
from phasemix.base.files import read_json, sha256, sha256_of, write_text
from phasemix.base.sources import FOLDER, SNAPSHOT, fingerprint
from phasemix.study.config import Config

HERE = Path(".snakemake/phasemix")


@dataclass(frozen=True)
class Snapshot:
    """The SHA-256 of every source file when the workflow started."""

    files: dict[str, str]
    _known: dict[tuple[str, ...], str] = field(default_factory=dict, repr=False)

    def code(self, script: str, *modules: str) -> str:
        """What a job is told of its code: the script, the modules that define its result, and their fingerprint."""
        names = (script, *modules)
        if names not in self._known:
            self._known[names] = f"{'+'.join(names)}@{fingerprint(*names, checksum=self._checksum)}"
        return self._known[names]

    def _checksum(self, path: Path) -> str:
        return self.files.get(_name(path), "new since then")


def take_snapshot(config: Config) -> Snapshot:
    """The snapshot of this workflow: taken now, or where one of its processes has taken it before, that one.

    Raises:
        PhasemixError: the configuration is not what it was then.
    """
    now = sha256_of(config.model_dump_json().encode())
    if os.environ.get(SNAPSHOT):
        saved = read_json(os.environ[SNAPSHOT])
        if saved["config"] != now:
            raise PhasemixError(
                "the configuration was changed while the workflow ran: this job is not run; start the workflow again to"
                " go on with the new one"
            )
        return Snapshot(saved["files"])
    root = FOLDER.parent
    paths = [*sorted(FOLDER.rglob("*.py")), *sorted((root / "scripts").glob("*.py"))]
    files = {_name(path): sha256(path) for path in paths}
    text = json.dumps({"config": now, "files": files})
    path = HERE / f"{sha256_of(text.encode())[:16]}.json"
    if not path.exists():
        write_text(path, text)
    os.environ[SNAPSHOT] = str(path.absolute())
    return Snapshot(files)


def _name(path: Path) -> str:
    return str(path.relative_to(FOLDER.parent))
