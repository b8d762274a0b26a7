"""Mistakes in a configuration as one line for people: the file and the key, what is wrong, what is allowed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from phasemix.base.errors import PhasemixError
from phasemix.base.schema import PATTERNS, first_problem
from phasemix.experiments.experiment import spec_of as kind_spec
from phasemix.study.config import Config, nearest
from phasemix.study.yaml_files import read_yaml
from phasemix.tasks.source import spec_of as task_spec

Key = tuple[str | int, ...]
TAGS = {"sources": ("task", task_spec), "experiments": ("kind", kind_spec)}
"""Sections whose entries are told apart by a key, and what each of its values stands for."""


class ConfigError(PhasemixError):
    """The configuration cannot be run as it stands."""


def mistake(key: Key, problem: str, config: Mapping[str, Any], files: Sequence[str | Path]) -> ConfigError:
    """The error of a key; ``files`` are those the configuration was merged from, in order."""
    value = _get(config, key)
    shown = "" if value is None or isinstance(value, Mapping | list) else f" = {value!r}"
    return ConfigError(f"{_file_of(key, files)}: {'.'.join(map(str, key))}{shown}: {problem}")


def schema_mistake(error: ValidationError, config: Mapping[str, Any], files: Sequence[str | Path]) -> ConfigError:
    """The first thing that the types of the schema refuse."""
    first = error.errors()[0]
    key = _without_tag(first["loc"])
    kind, message = first["type"], first_problem(error)
    if kind == "extra_forbidden":
        return mistake(key, f"unknown key{nearest(str(key[-1]), _fields(key[:-1], config))}", config, files)
    if kind == "missing":
        return mistake(key, "missing: it must be given", config, files)
    if kind == "union_tag_not_found":
        tag = TAGS[str(key[0])][0]
        if not isinstance(_get(config, key), Mapping):
            return mistake(
                key, f"must be a section with the key {tag}; an overlay cannot remove it by null", config, files
            )
        return mistake((*key, tag), "missing: it must be given", config, files)
    if kind == "union_tag_invalid":
        tag = TAGS[str(key[0])][0]
        found = (*key, tag)
        allowed = [name.strip().strip("'") for name in first["ctx"]["expected_tags"].split(",")]
        return mistake(found, f"is not known{nearest(str(_get(config, found)), allowed)}", config, files)
    if kind == "string_pattern_mismatch":
        message = PATTERNS.get(first["ctx"]["pattern"], message)
    value = _get(config, key)
    if isinstance(value, str) and kind in ("float_type", "int_type") and _is_number(value):
        message += "; YAML reads this as text: write 1.0e-3 for 1e-3, 1_000_000 for 1e6"
    if value is None and kind in ("model_type", "model_attributes_type", "dict_type"):
        message = "must be a section of keys; an overlay cannot remove it by null"
    if key[-1:] == ("[key]",):  # so pydantic says that it is not a value, but its key that is wrong
        key, message = key[:-1], f"is no key that can stand here: {message[0].lower() + message[1:]}"
    return mistake(key, message[0].lower() + message[1:], config, files)


def _without_tag(key: Key) -> Key:
    """A key as the user wrote it: the schema puts the task or the kind of an entry behind its name."""
    return key[:2] + key[3:] if len(key) > 2 and key[0] in TAGS else key


def _fields(key: Key, config: Mapping[str, Any]) -> list[str]:
    """The keys allowed in the section at ``key``."""
    kind: Any = Config
    for depth, part in enumerate(key):
        if depth == 1 and key[0] in TAGS:
            tag, spec_of = TAGS[str(key[0])]
            kind = spec_of(_get(config, (*key[:2], tag)))
            continue
        annotation = kind.model_fields[part].annotation if _is_schema(kind) and part in kind.model_fields else kind
        candidates = [annotation, *getattr(annotation, "__args__", ())]
        kind = next((c for c in reversed(candidates) if _is_schema(c)), annotation)
    return list(kind.model_fields) if _is_schema(kind) else []


def _is_schema(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _get(config: Any, key: Key) -> Any:
    for part in key:
        try:
            config = config[part]
        except (KeyError, IndexError, TypeError):
            return None
    return config


def _has(content: Any, key: Key) -> bool:
    for part in key:
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _file_of(key: Key, files: Sequence[str | Path]) -> str:
    """The last file that holds the longest part of ``key``: where the user has to look."""
    contents = [(file, read_yaml(Path(file))) for file in files if Path(file).is_file()]
    for length in range(len(key), 0, -1):
        for file, content in reversed(contents):
            if _has(content, key[:length]):
                return str(file)
    return str(files[-1]) if files else "configuration"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
