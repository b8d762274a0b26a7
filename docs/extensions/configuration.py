"""The reference of the configuration: a table for every section, made of the schema that editors read."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from docs.extensions.pieces import code, one_of, table
from phasemix.study.editor_schema import editor_schema

Schema = Mapping[str, Any]
"""A part of the JSON schema."""

KINDS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "`true` or `false`",
    "null": "`null`",
    "object": "section",
}
BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def page() -> str:
    """All sections as Markdown: those of the file in its order, then those that several of these have."""
    schema = editor_schema()
    sections = schema["$defs"]
    heads = {key: dict(_choices(section)) for key, section in schema["properties"].items()}
    below = {head: _below(head, sections) for choices in heads.values() for head in choices}
    nested = [each for each in dict.fromkeys(chain(*below.values())) if each not in below]
    owners = {each: [head for head, found in below.items() if each in found] for each in nested}
    lines = ["## The file", "", _table(schema)]
    for key, choices in heads.items():
        if choices:
            lines += ["", f"## {code(key)}", "", _sentence(schema["properties"][key]["description"])]
        for head, choice in choices.items():
            lines += _section(head, choice, sections, "###")
            for each, path in below[head].items():
                lines += _section(each, code(path), sections, "####") if owners.get(each) == [head] else []
    lines += ["", "## Sections that several of these have"]
    for each, by in owners.items():
        lines += _section(each, code(below[by[0]][each]), sections, "###") if len(by) > 1 else []
    return "\n".join(lines)


def _choices(section: Schema) -> Iterator[tuple[str, str]]:
    """What may stand in a section of the file: names of definitions, and headings for them."""
    entry = next(iter(section.get("patternProperties", {}).values()), section)
    for choice in entry.get("allOf", [entry]):
        if "$ref" in choice:
            yield _name(choice), "Its keys"
        elif "$ref" in choice.get("then", {}):
            [(tag, value)] = choice["if"]["properties"].items()
            yield _name(choice["then"]), code(f"{tag}: {value['const']}")


def _name(reference: Schema) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _references(part: Any) -> Iterator[str]:
    """The definitions that a part of the schema names."""
    if isinstance(part, dict):
        yield from [_name(part)] if "$ref" in part else []
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        yield from _references(each)


def _below(name: str, sections: Schema, path: str = "") -> dict[str, str]:
    """The sections within a section, each with the keys that lead there."""
    found: dict[str, str] = {}
    for key, part in sections[name]["properties"].items():
        for each in _references(part):
            found = {each: f"{path}{key}"} | _below(each, sections, f"{path}{key}.") | found
    return found


def _section(name: str, heading: str, sections: Schema, level: str) -> list[str]:
    """A heading that links find, what the section is, and its keys."""
    return [
        "",
        f"({_anchor(name)})=",
        f"{level} {heading}",
        "",
        sections[name]["description"],
        "",
        _table(sections[name]),
    ]


def _anchor(name: str) -> str:
    return f"config-{name.lower().replace('__', '-').replace('_', '-')}"


def _table(section: Schema) -> str:
    rows = ([code(key), _value(of), _default(of), of["description"]] for key, of in section["properties"].items())
    return table(["key", "value", "default", "meaning"], rows)


def _default(key: Schema) -> str:
    if "default" not in key:
        return "required"
    shown = json.dumps(key["default"], ensure_ascii=False)
    return code(shown) if not isinstance(key["default"], dict) or shown == "{}" else "that of each key"


def _value(key: Schema) -> str:
    """What may stand there, in words."""
    constants = [code(str(each)) for each in key.get("enum", [key["const"]] if "const" in key else [])]
    if choices := constants or [_value(each) for each in key.get("anyOf", [])]:
        return one_of(choices)
    if "$ref" in key:
        return f"[section](#{_anchor(_name(key))})"
    if "allOf" in key:
        return _value(key["allOf"][0])
    if key.get("type") == "array":
        items = key["items"]
        return f"list of {', '.join(map(_value, items))}" if isinstance(items, list) else f"list: {_value(items)}"
    return _by_name(key) or _plain(key)


def _by_name(key: Schema) -> str:
    """Of a section whose keys are names: what stands by each; of others nothing."""
    entries = [*key.get("patternProperties", {}).values(), key.get("additionalProperties")]
    if not isinstance(entries[0], dict):
        return ""
    return "sections by name" if "allOf" in entries[0] else f"by name: {_value(entries[0])}"


def _plain(key: Schema) -> str:
    bounds = [f"{sign} {key[bound]}" for bound, sign in BOUNDS.items() if bound in key]
    return " ".join([KINDS[key["type"]] if "type" in key else "any value", " and ".join(bounds)]).strip()


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
