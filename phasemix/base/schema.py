"""The base of everything that can stand in a configuration."""

from pydantic import BaseModel, ConfigDict


class Schema(BaseModel):
    """A typed, immutable part of the configuration in which unknown keys are forbidden."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
