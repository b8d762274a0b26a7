"""A fitted law as a file: JSON, readable by people and complete.

==============  ================================================================================
key             content
==============  ================================================================================
``format``      ``phasemix law 2``
``law``         its name; ``equation`` and ``source`` beside it
``domains``     the mixture domains; ``targets``: the loss domains it predicts
``skipped``     loss domains it was not fitted on, with the reason
``notes``       what must be known: parameters not identified, zeros, fits that did not come to rest
``fits``        one row per target: ``domain``, ``rows``, ``n_parameters``, ``mean_relative_error`` (on the fitted rows)
``parameters``  the rows of ``Fit.parameters``; intervals at ``confidence``; null where there is none
``state``       what the law is restored from
``runs``        the runs it was fitted on, by column: intervals and bootstrap fits need them
==============  ================================================================================
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import read_json, write_json
from phasemix.base.json_rows import json_rows, json_value
from phasemix.fitting.law import CONFIDENCE, Fit
from phasemix.fitting.runs_table import to_runs
from phasemix.fitting.table_file import TableError
from phasemix.laws import NAMES, load_law

FORMAT = "phasemix law 2"


def write_law(path: str | Path, fit: Fit) -> None:
    """Write a fitted law atomically."""
    off = pd.DataFrame(np.abs(fit.predict(fit.runs) / fit.runs.loss - 1))
    error = off.mean()  # of the rows of which the law says something
    fits = [
        {"domain": name, "rows": len(fit.runs), "n_parameters": int(count), "mean_relative_error": json_value(mean)}
        for name, count, mean in zip(fit.targets, fit.parameter_counts(), error, strict=True)
    ]
    write_json(
        path,
        {
            "format": FORMAT,
            "law": fit.law.name,
            "equation": fit.law.equation,
            "source": fit.law.source,
            "domains": list(fit.runs.domains),
            "targets": list(fit.targets),
            "skipped": fit.skipped,
            "notes": fit.notes,
            "fits": fits,
            "confidence": CONFIDENCE,
            "parameters": json_rows(fit.parameters()),
            "state": fit.state,
            "runs": fit.runs.columns(),
        },
    )


def read_law(path: str | Path) -> Fit:
    """Read a fitted law.

    Raises:
        PhasemixError: no such file, or it is not one that :func:`write_law` wrote.
    """
    path = Path(path)
    try:
        content = read_json(path)
        written = str(content.get("format")) if isinstance(content, dict) else ""
        if written.startswith("phasemix law ") and written != FORMAT:
            raise PhasemixError(f"{path}: is of another version of phasemix ({written}, here {FORMAT}); fit it anew")
        if written != FORMAT:
            raise PhasemixError(f"{path}: is not a law that `phasemix laws fit` wrote")
        if content["law"] not in NAMES:
            raise PhasemixError(f"{path}: is of a law unknown here, {content['law']!r}")
        runs = to_runs(pd.DataFrame(content["runs"]))
        fit = load_law(content["law"]).restore(runs, content["state"], content["skipped"], content["notes"])
        fit.predict(runs.rows(np.arange(1)))
        return fit
    except FileNotFoundError:
        raise PhasemixError(f"{path}: no such file; `phasemix laws fit` writes one") from None
    except OSError as error:
        raise PhasemixError(f"{path}: cannot be read: {error.strerror or one_line(error)}") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise PhasemixError(f"{path}: is not JSON ({one_line(error)}); `phasemix laws fit` writes a law") from None
    except TableError as error:
        raise PhasemixError(f"{path}: is damaged: its table of runs {error}; fit it anew") from None
    except PhasemixError:
        raise
    except Exception as error:  # a damaged state can fail in any way
        raise PhasemixError(f"{path}: is damaged ({type(error).__name__}: {one_line(error)}); fit it anew") from None
