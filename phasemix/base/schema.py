"""The base of everything that can stand in a configuration."""

from pydantic import BaseModel, ConfigDict, Field

Fraction = Field(ge=0, le=1)
Name = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")  # in paths
Identifier = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")  # of rules
Revision = Field(pattern=r"^[0-9a-f]{40}$")


class Schema(BaseModel):
    """A typed, immutable part of the configuration in which unknown keys are forbidden."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
