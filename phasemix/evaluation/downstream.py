"""Downstream tasks, asked by EleutherAI's lm-evaluation-harness: its requests, made once, and a run's answers.

Format of a folder of questions: ``requests/``, the library's own cache of requests, which it finds by a task's name and
shots alone, so a folder holds those of one list of tasks; ``questions.json``: ``lm_eval``, the library's version,
``shots``, and by task ``questions``, how many there are, ``rows_sha256``, of the data's rows as JSON, by which changed
data are refused, and ``requests_sha256``, of all that models are asked, by which the file differs if they do.

Format of a run's answers, a JSON file: ``experiment`` and ``cell``, whose run it is; ``parameters``,
``weights_sha256``; ``diverged``; by task ``metric``, ``questions``, ``accuracy``, the metric's mean, and
``standard_error`` of that over questions (null with one); none of a diverged run; ``seconds``, that it took.
"""

import json
import math
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic, read_json, sha256_of, write_json
from phasemix.evaluation.downstream_tasks import LIBRARY, TaskList, open_tasks

ROWS = 32  # that a model reads at a time
QUESTIONS, REQUESTS = "questions.json", "requests"


def make_questions(asked: TaskList, folder: Path) -> None:
    """Make the requests of all tasks and write them into ``folder`` (format above).

    Raises:
        PhasemixError: a dataset cannot be had, or a task has no such metric or takes no examples.
    """
    opened, made = open_tasks(asked), {}
    with atomic(folder / REQUESTS) as temporary:
        temporary.mkdir()
        _keep_requests_in(temporary)
        for name, task in opened.items():
            task.build_all_requests(cache_requests=True)
            requests = [[one.request_type, *map(str, one.args)] for one in task.instances]
            made[name] = {
                "questions": len(task.eval_docs),
                "rows_sha256": _rows_sha256(task),
                "requests_sha256": sha256_of(json.dumps(requests).encode()),
            }
    write_json(folder / QUESTIONS, {LIBRARY: version(LIBRARY), "shots": asked.shots, "tasks": made})


def answer_questions(asked: TaskList, *, run: Path, questions: Path, threads: int = 1) -> dict[str, Any]:
    """What the run in folder ``run`` answers to ``questions``, a folder: the file above, without whose run it is.

    Raises:
        PhasemixError: a dataset cannot be had, or it or the library is another one than when the questions were made.
    """
    began = time.monotonic()
    manifest = read_json(run / "manifest.json")
    diverged = manifest["diverged_at"] is not None
    return {
        "parameters": manifest["parameters"],
        "weights_sha256": manifest["weights_sha256"],
        "diverged": diverged,
        "tasks": {} if diverged else _answers(asked, run / "model", questions, threads),
        "seconds": round(time.monotonic() - began, 2),
    }


def _answers(asked: TaskList, model: Path, questions: Path, threads: int) -> dict[str, dict[str, Any]]:
    import torch  # noqa: PLC0415 (takes seconds)
    from lm_eval import evaluate  # noqa: PLC0415 (an extra)
    from lm_eval.models.huggingface import HFLM  # noqa: PLC0415

    from phasemix.training.devices import devices  # noqa: PLC0415 (imports torch)

    torch.set_num_threads(threads)
    made, opened = read_json(questions / QUESTIONS), open_tasks(asked)
    if made[LIBRARY] != version(LIBRARY):
        raise PhasemixError(
            f"{questions / QUESTIONS}: was made by {LIBRARY} {made[LIBRARY]}, and {version(LIBRARY)} is installed;"
            f" install that one, or delete {questions} to make the questions anew"
        )
    for name, task in opened.items():
        if _rows_sha256(task) != made["tasks"][name]["rows_sha256"]:
            raise PhasemixError(
                f"tasks.{name}: its data have changed since the questions were made; delete {questions} to make the"
                " questions anew"
            )
    _keep_requests_in(questions / REQUESTS)
    with devices() as processes:
        results = evaluate(
            HFLM(pretrained=str(model), device=str(processes.device), batch_size=ROWS),
            {"tasks": opened},
            cache_requests=True,
            bootstrap_iters=0,  # standard errors are those of means
        )
    return {name: _measured(results["samples"][name], metric) for name, metric in asked.tasks.items()}


def _rows_sha256(task: Any) -> str:
    rows = json.dumps(list(task.eval_docs), sort_keys=True, default=str)
    return sha256_of(rows.encode())


def _measured(samples: list[dict[str, Any]], metric: str) -> dict[str, Any]:
    """Of the first filter of a task, such as lm-eval names them, what a metric's values say."""
    first = samples[0]["filter"]
    values = np.array([sample[metric] for sample in samples if sample["filter"] == first], dtype=float)
    many = len(values) > 1
    return {
        "metric": metric,
        "questions": len(values),
        "accuracy": float(values.mean()),
        "standard_error": float(values.std(ddof=1) / math.sqrt(len(values))) if many else None,
    }


def _keep_requests_in(folder: Path) -> None:
    """Have the library keep requests there; it reads ``LM_HARNESS_CACHE_PATH`` when it is imported, once for all."""
    from lm_eval.caching import cache  # noqa: PLC0415 (an extra)

    cache.PATH = str(folder)
