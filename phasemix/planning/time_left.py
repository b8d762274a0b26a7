"""How long a study that runs on this machine still takes, from its plan and the files of its cells."""

from pathlib import Path

from phasemix.planning.cost import Costs, measured_speeds
from phasemix.planning.jobs import jobs, tails
from phasemix.planning.plan import is_finished
from phasemix.planning.status import State, standings
from phasemix.planning.timeline import Timed, wall_seconds
from phasemix.study.config import Config


def seconds_left(config: Config, results: Path, devices: int) -> float | None:
    """The seconds that the unfinished cells of a study take on so many devices.

    None: no cell has told yet how fast this machine is, or a cell needs more devices. Corpora, tables and figures are
    not counted.
    """
    speeds = measured_speeds(config, results)
    if not speeds:
        return None
    costs, found = Costs(config, speeds), jobs(config)
    ranks = tails(found)
    trained = {key: each.share for key, each in standings(config, results).items() if each.state is State.RUNNING}
    left = {}
    for key, job in found.items():
        if not is_finished(key, results):
            share = trained.pop((key.experiment, key.cell), 0.0)  # of the first of a cell's jobs that is unfinished
            left[key] = Timed((1 - share) * costs.seconds(key, job), costs.devices(key), job.after, ranks[key])
    return wall_seconds(left, devices)
