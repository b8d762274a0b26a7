"""The configuration as a JSON schema, by which editors complete, explain and check an overlay while it is written.

It is made from the classes of the configuration, with the meaning of every key, and follows draft 7, which is what
language servers of YAML know. An overlay holds only what differs, so no key must be given; what types cannot say is
left to :func:`phasemix.study.overlays.load`.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from phasemix.study.config import Config
from phasemix.study.meanings import meaning, purpose

DIALECT = "http://json-schema.org/draft-07/schema#"
OF_EXPERIMENTS = "kind"
"""The key that tells experiments apart; an overlay leaves an experiment out by null."""


def editor_schema() -> dict[str, Any]:
    """The JSON schema of config.yaml and of overlays on it."""
    return {"$schema": DIALECT, **Config.model_json_schema(schema_generator=_Generator)}


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, which also says what keys mean and what their defaults are."""

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """A section: without required keys, and with a meaning and a default of every key."""
        found, model = super().model_schema(schema), schema["cls"]
        found.pop("required", None)
        found["description"] = purpose(model)
        for name, key in found["properties"].items():
            field = model.model_fields[name]
            if "$ref" in key:  # which in draft 7 hides what stands beside it
                key["allOf"] = [{"$ref": key.pop("$ref")}]
            key["description"] = meaning(model, name)
            if field.default_factory is not None:
                key["default"] = field.get_default(call_default_factory=True)
        return found

    def tagged_union_schema(self, schema: Any) -> JsonSchemaValue:
        """Sections told apart by a key: what each value of it allows, and without it any of them."""
        tag = schema["discriminator"]
        choices = {name: self.generate_inner(choice) for name, choice in schema["choices"].items()}
        of_one = [
            {"if": {"type": "object", "required": [tag], "properties": {tag: {"const": name}}}, "then": choice}
            for name, choice in choices.items()
        ]
        of_any = {"if": {"type": "object", "not": {"required": [tag]}}, "then": {"anyOf": [*choices.values()]}}
        kind = ["object", "null"] if tag == OF_EXPERIMENTS else "object"
        return {"type": kind, "properties": {tag: {"enum": list(choices)}}, "allOf": [*of_one, of_any]}

    def tuple_schema(self, schema: Any) -> JsonSchemaValue:
        """A list of so many values, as draft 7 writes it."""
        found = super().tuple_schema(schema)
        return found | {"items": found.pop("prefixItems")} if "prefixItems" in found else found
