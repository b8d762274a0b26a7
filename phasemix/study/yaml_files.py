"""YAML files of a configuration, read strictly: a broken file or a key that stands twice is an error with its line."""

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

from phasemix.base.errors import PhasemixError


class _Strict(yaml.CSafeLoader):
    """A loader that refuses a key given twice, of which YAML's own takes the last without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: dict[Any, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":  # <<: what it brings may be overridden
                continue
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, Hashable):
                break  # YAML's own error says so
            if key in seen:
                raise PhasemixError(f"line {line}: the key {key!r} stands already on line {seen[key]}; remove one")
            seen[key] = line
        return super().construct_mapping(node, deep)


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises:
        PhasemixError: it is not there, holds no mapping in YAML, or a key twice.
    """
    if not file.is_file():
        raise PhasemixError(f"{file}: is not there")
    try:
        found = yaml.load(file.read_text(encoding="utf-8"), _Strict)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise PhasemixError(f"{file}: {line}is no YAML: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PhasemixError(f"{file}: is no YAML: {' '.join(str(error).split())}") from error
    except PhasemixError as error:
        raise PhasemixError(f"{file}: {error}") from None
    if not isinstance(found, dict | None):
        raise PhasemixError(f"{file}: must hold keys and values, not a {type(found).__name__}")
    return found or {}


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two configurations as one: sections are merged, all else of ``above`` takes the place of ``below``'s.

    As Snakemake merges them, for which an empty section takes nobody's place.
    """
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key, {})
        if isinstance(value, Mapping):
            merged[key] = merge(under, value) if isinstance(under, Mapping) else value or under
        else:
            merged[key] = value
    return merged
