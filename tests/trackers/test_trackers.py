"""What each tracker holds of a run that it was told of, read back by its own package, without a network."""

import shutil
import struct

import pytest

from phasemix.observers import observers
from tests.conftest import small_cell
from tests.training.runs import interrupt, metrics, run

pytestmark = pytest.mark.filterwarnings("ignore")  # of packages that are not ours
CELL = small_cell()
COLUMN = "loss.web"


def of_tensorboard(results):
    """Files know no runs: what they say together."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    files = EventAccumulator(str(results / "trackers/tensorboard/headline/size=tiny"))
    files.Reload()
    return [{event.step: event.value for event in files.Scalars(COLUMN)}]


def records(path):
    """Of a file that W&B keeps offline, a log in the format of LevelDB after seven bytes: blocks of 32 KiB."""
    content, at, part = path.read_bytes(), 7, b""
    while at < len(content):
        if (left := 32_768 - at % 32_768) < 7:  # the rest of a block is too small for a head
            at += left
            continue
        _, length, kind = struct.unpack_from("<IHB", content, at)
        part += content[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # whole, or the last part
            yield part
            part = b""


def of_wandb(results):
    from wandb.proto.wandb_internal_pb2 import Record

    found = {}
    for path in sorted(results.rglob("*.wandb")):
        rows, identity = {}, None
        for content in records(path):
            record = Record.FromString(content)
            if record.WhichOneof("record_type") == "run":
                identity = record.run.run_id
                assert (record.run.project, record.run.run_group) == ("phasemix-laptop", "headline")
            if record.WhichOneof("record_type") == "history":
                items = {item.key or item.nested_key[0]: item.value_json for item in record.history.item}
                rows |= {int(items["_step"]): float(items[COLUMN])} if COLUMN in items else {}
        found.setdefault(identity, {}).update(rows)
    return list(found.values())


def of_mlflow(results):
    from mlflow import MlflowClient

    client = MlflowClient()
    experiment = client.get_experiment_by_name("phasemix-laptop/headline").experiment_id
    runs = client.search_runs([experiment], order_by=["attributes.start_time"])
    assert {run.data.params["size"] for run in runs} == {'"tiny"'}
    histories = [client.get_metric_history(run.info.run_id, COLUMN) for run in runs]
    assert all(len({point.step for point in history}) == len(history) for history in histories)
    return [{point.step: point.value for point in history} for history in histories]


def of_trackio(results):
    from trackio import SQLiteStorage

    project = "phasemix-laptop"
    runs = [name for name in SQLiteStorage.get_runs(project) if name.startswith("headline/size=tiny ")]
    logs = [SQLiteStorage.get_logs(project, name) for name in runs]
    return [{row["step"]: row[COLUMN] for row in rows if COLUMN in row} for rows in logs]


READ = {"tensorboard": of_tensorboard, "wandb": of_wandb, "mlflow": of_mlflow, "trackio": of_trackio}


@pytest.fixture(params=READ)
def tracker(request, monkeypatch, tmp_path):
    monkeypatch.setenv("PHASEMIX_TRACKERS", request.param)
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    if request.param == "trackio":
        import trackio.sqlite_storage
        import trackio.utils

        for module in (trackio.sqlite_storage, trackio.utils, trackio):
            monkeypatch.setattr(module, "TRACKIO_DIR", tmp_path / "trackio", raising=False)
    return request.param


@pytest.fixture
def results(tmp_path):
    return tmp_path / "results/laptop"


@pytest.fixture
def train(tracker, data, results):
    """Train the small cell where the workflow would, with whom the environment names."""
    folder = results / "runs/headline/size=tiny"

    def trained():
        return run(CELL, data, folder.parent, observers=lambda: observers(CELL, folder), checkpoint_seconds=0)

    return trained


def expected(folder):
    table = metrics(folder).dropna(subset=COLUMN)
    return dict(zip(table["step"], table[COLUMN], strict=True))


def same(found, wanted):
    return [list(rows) for rows in found] == [list(rows) for rows in wanted] and all(
        list(mine.values()) == pytest.approx(list(theirs.values()), rel=1e-6)
        for mine, theirs in zip(found, wanted, strict=True)
    )


def test_a_tracker_holds_every_row(train, tracker, results):
    folder = train()
    assert same(READ[tracker](results), [expected(folder)])


def test_a_run_that_was_killed_goes_on_under_its_name(train, tracker, results, monkeypatch):
    interrupt(monkeypatch, 40, train)
    folder = train()
    assert same(READ[tracker](results), [expected(folder)])


def test_a_cell_that_is_trained_again_is_another_run(train, tracker, results):
    folder = train()
    shutil.rmtree(folder)
    folder = train()
    many = 1 if tracker == "tensorboard" else 2  # whose files hold the last
    assert same(READ[tracker](results), many * [expected(folder)])
