"""A study's configuration as Snakemake merges it: config.yaml, a profile's hardware, an overlay of scales/."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from phasemix.base.errors import PhasemixError
from phasemix.study.config import Config, load


def read_config(scale: Path, profile: Path | None = None, base: Path = Path("config.yaml")) -> Config:
    """The configuration of a scale on the hardware of a profile.

    Raises:
        ConfigError: the first thing found wrong.
        PhasemixError: a file is not there.
    """
    below, above = read_yaml(base), read_yaml(scale)
    above = merge(above, read_yaml(profile / "config.yaml").get("config", {}) if profile else {})
    hardware = merge(below, above).get("hardware_file")
    middle = read_yaml(Path(hardware)) if hardware else {}
    return load(merge(merge(below, middle), above), [base, *([hardware] if hardware else []), scale])


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two configurations as one: sections are merged, all else of ``above`` takes the place of ``below``'s."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = merge(under, value) if isinstance(value, Mapping) and isinstance(under, Mapping) else value
    return merged


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises:
        PhasemixError: it is not there, or holds no mapping in YAML.
    """
    if not file.is_file():
        raise PhasemixError(f"{file}: is not there")
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PhasemixError(f"{file}: is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(found, dict | None):
        raise PhasemixError(f"{file}: must hold keys and values, not a {type(found).__name__}")
    return found or {}
