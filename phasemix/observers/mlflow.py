"""MLflow: an experiment per scale and experiment, in the store that ``MLFLOW_TRACKING_URI`` names."""

import json
import time
from collections.abc import Mapping

from phasemix.observers._tracker import Tracker

LONGEST = 6000  # characters of a parameter, which MLflow allows


class MLflow(Tracker):
    """Tells MLflow."""

    name = "mlflow"

    def begin(self, identity: str, step: int, *, resumed: bool) -> None:  # noqa: ARG002 (rows say their step)
        """Create the run, or find it by its tag."""
        from mlflow import MlflowClient  # noqa: PLC0415 (takes seconds, and is an extra)
        from mlflow.entities import Param  # noqa: PLC0415

        self._client = MlflowClient()
        experiment = self._experiment(f"{self.place.project}/{self.place.experiment}")
        found = self._client.search_runs([experiment], f"tags.`phasemix.id` = '{identity}'") if resumed else []
        if found:
            self._run = found[0].info.run_id
            self._client.update_run(self._run, status="RUNNING")
            return
        run = self._client.create_run(experiment, run_name=self.place.cell, tags={"phasemix.id": identity})
        self._run = run.info.run_id
        values = {name: json.dumps(value) for name, value in self.cell.model_dump(mode="json").items()}
        self._client.log_batch(self._run, params=[Param(name, value[:LONGEST]) for name, value in values.items()])

    def _experiment(self, name: str) -> str:
        """The id of MLflow's experiment of this name, which is made if there is none."""
        from mlflow.exceptions import MlflowException  # noqa: PLC0415

        known = self._client.get_experiment_by_name(name)
        if known is None:
            try:
                return str(self._client.create_experiment(name))
            except MlflowException:  # another cell was faster
                known = self._client.get_experiment_by_name(name)
                if known is None:
                    raise
        return str(known.experiment_id)

    def log(self, values: Mapping[str, float], step: int) -> None:
        """A metric per column."""
        from mlflow.entities import Metric  # noqa: PLC0415

        now = int(1000 * time.time())
        self._client.log_batch(self._run, [Metric(name, value, now, step) for name, value in values.items()])

    def finish(self) -> None:
        """Mark the run as finished."""
        self._client.set_terminated(self._run)


observe = MLflow.observe
