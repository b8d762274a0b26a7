"""Which downstream tasks EleutherAI's lm-evaluation-harness knows, and how they are opened.

It is an optional library, and takes some five seconds to find its tasks. So what it found is kept between starts.

Format: ``.snakemake/phasemix/tasks-<hash>.json``: by a task's name its ``file`` and its ``dataset``, as the file names
it; the hash is of the library's version and place, or of the files of a folder of the user's as well.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, NonNegativeInt

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import read_json, sha256, sha256_of, write_text
from phasemix.base.hub import cache_alone
from phasemix.base.schema import Name, Schema

LIBRARY = "lm_eval"
KEPT = Path(".snakemake/phasemix")
SEED = 1234  # the library's own for examples, so that numbers can be compared with those of others
OF_FILES = frozenset({"json", "parquet", "csv", "text", "arrow"})
"""What ``dataset_path`` of a task says whose data are files."""


def is_installed() -> bool:
    """Whether the library is there; it is not imported."""
    return find_spec(LIBRARY) is not None


class TaskList(Schema):
    """What models are asked.

    Attributes:
        tasks: by the library's names, and of each the metric that counts, of its first filter if it has several.
        shots: answered examples before every question.
        include: a folder of your own task files, in the library's format; what lies beside them is compared by content.
    """

    tasks: dict[Annotated[str, Name], str] = Field(min_length=1)
    shots: NonNegativeInt
    include: str | None = None

    @property
    def files(self) -> list[str]:
        """All files in the folder, those beside task files among them."""
        found = sorted(Path(self.include).rglob("*")) if self.include else []
        return [str(path) for path in found if path.is_file() and "__pycache__" not in path.parts]


def known_tasks(asked: TaskList) -> dict[str, dict[str, str]]:
    """The tasks that can be asked, by name, as the files above hold them: the user's, and the library's if need be."""
    own = _kept(asked.include, asked.files) if asked.include else {}
    return own if set(asked.tasks) <= set(own) else _kept(None, []) | own


def _kept(include: str | None, files: list[str]) -> dict[str, dict[str, str]]:
    """The tasks of a folder, or the library's own; groups of tasks are none."""
    place = getattr(find_spec(LIBRARY), "origin", None)
    decides = [version(LIBRARY), place, include, {name: sha256(name) for name in files}]
    kept = KEPT / f"tasks-{sha256_of(json.dumps(decides).encode())[:16]}.json"
    if not kept.exists():
        from lm_eval.tasks import TaskManager  # noqa: PLC0415 (an extra)

        manager = TaskManager(include_path=include, include_defaults=include is None)
        entries = {name: manager.task_index[name] for name in manager.all_subtasks}
        found = {
            name: {"file": str(entry.yaml_path), "dataset": str((entry.cfg or {}).get("dataset_path"))}
            for name, entry in entries.items()
        }
        write_text(kept, json.dumps(found))
    return dict(read_json(kept))


def open_tasks(asked: TaskList) -> dict[str, Any]:
    """Tasks of the library by name, each with its documents and its examples.

    Raises:
        PhasemixError: there is no such task, its dataset cannot be had, or it has no such metric or takes no examples.
    """
    known, found = known_tasks(asked), {}
    for name, metric in asked.tasks.items():
        if name not in known:
            raise PhasemixError(f"tasks.{name}: is no task of {LIBRARY}, nor of include")
        task = _open(name, **known[name])
        if asked.shots and task.get_config("num_fewshot") == 0:
            raise PhasemixError(f"tasks.{name}: takes no examples, as its file says num_fewshot: 0; set shots: 0")
        task.set_config(key="num_fewshot", value=asked.shots)
        task.set_fewshot_seed(seed=SEED)
        _check_metric(name, metric, task)
        found[name] = task
    return found


def _open(name: str, file: str, dataset: str) -> Any:
    local = dataset in OF_FILES or Path(dataset).exists()
    alone = None if local else cache_alone()
    from lm_eval.tasks import TaskManager  # noqa: PLC0415 (an extra)
    from transformers import set_seed  # noqa: PLC0415 (takes seconds)

    set_seed(SEED)  # a task may shuffle what it asks
    try:
        return next(iter(TaskManager(include_defaults=False).load([file])["tasks"].values()))
    except Exception as error:  # of the network, of files, of the functions of a task
        if local:
            raise PhasemixError(f"tasks.{name}: cannot be opened ({one_line(error)}); see {file}") from error
        raise PhasemixError(
            f"tasks.{name}: cannot load its dataset {dataset} ({alone or one_line(error)}); set HF_HOME to a folder in"
            " which datasets has kept it, or give include a task file of yours whose dataset_path is json or parquet,"
            " with data_files"
        ) from error


def _check_metric(name: str, metric: str, task: Any) -> None:
    from lm_eval.api.metrics import mean  # noqa: PLC0415 (an extra)

    means = [each for each, aggregate in task.aggregation().items() if aggregate is mean]
    if metric not in means:
        raise PhasemixError(f"tasks.{name}: {metric} is no mean over its questions; there are {', '.join(means)}")
