"""A study's configuration from its files: config.yaml, a profile's hardware, an overlay of scales/; checked whole."""

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from phasemix.study.checks import file_problems, problems
from phasemix.study.config import Config
from phasemix.study.mistakes import mistake, schema_mistake
from phasemix.study.yaml_files import merge, read_yaml


def load(config: Mapping[str, Any], files: Sequence[str | Path] = (), *, data: bool = True) -> Config:
    """Check a merged configuration; ``files`` are the YAML files it was merged from, in order.

    An experiment whose section is null is left out. Without ``data``, the user's own files need not be there yet.

    Raises:
        ConfigError: the first thing found wrong.
    """
    for file in files:
        if Path(file).is_file():
            read_yaml(Path(file))  # strictly, unlike whoever merged them
    config = _without_left_out(config, files)
    try:
        found = Config.model_validate_json(json.dumps(config, default=str), strict=True)
    except ValidationError as error:
        raise schema_mistake(error, config, files) from None
    hardware = found.hardware_file
    if hardware is not None and not Path(hardware).is_file():
        raise mistake(("hardware_file",), "no such file", config, files)
    for key, problem in chain(problems(found), file_problems(found) if data else ()):
        raise mistake(key, problem, config, files)
    return found


def read_config(
    scale: Path,
    profile: Path | None = None,
    run: str | None = None,
    base: Path = Path("config.yaml"),
    *,
    data: bool = True,
) -> Config:
    """The configuration of a scale on the hardware of a profile, as Snakemake merges it; ``run`` overrides its own.

    ``data`` as in :func:`load`.

    Raises:
        ConfigError: the first thing found wrong.
        PhasemixError: a file is not there.
    """
    below, above = read_yaml(base), read_yaml(scale)
    above = merge(above, read_yaml(profile / "config.yaml").get("config", {}) if profile else {})
    above = merge(above, {"run": run} if run else {})
    hardware = merge(below, above).get("hardware_file")
    middle = read_yaml(Path(hardware)) if hardware else {}
    return load(merge(merge(below, middle), above), [base, *([hardware] if hardware else []), scale], data=data)


def _without_left_out(config: Mapping[str, Any], files: Sequence[str | Path]) -> Mapping[str, Any]:
    experiments = config.get("experiments")
    if not isinstance(experiments, Mapping):
        return config
    for name in [name for name, section in experiments.items() if section is None]:
        run = config.get("run")
        chosen = [each.strip() for each in run.split(",")] if isinstance(run, str) else run
        if isinstance(chosen, list) and name in chosen:
            raise mistake(("experiments", name), "is left out here by null, but run names it", config, files)
    kept = {name: section for name, section in experiments.items() if section is not None}
    return {**config, "experiments": kept}
