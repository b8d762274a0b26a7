"""The base of everything that can stand in a configuration."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

NAME, IDENTIFIER, REVISION = r"^[A-Za-z0-9][A-Za-z0-9._-]*$", r"^[A-Za-z_][A-Za-z0-9_]*$", r"^[0-9a-f]{40}$"
CHECKPOINT = r"^([0-9a-f]{40}|step[0-9]+)$"
GPU_MODEL = r"^[A-Za-z0-9_.]+$"
PATTERNS = {
    NAME: "must begin with a letter or digit and hold only letters, digits, dots, hyphens and _, as it stands in paths",
    IDENTIFIER: "must begin with a letter and hold only letters, digits and _, as it names a rule",
    REVISION: "must be a full commit hash: 40 digits and letters from a to f",
    CHECKPOINT: "must be a full commit hash, or a step that Pythia's models are kept at, such as step100000",
    GPU_MODEL: "must hold only letters, digits, dots and _, as Snakemake's plugin for SLURM takes it",
}
"""What texts of these patterns must be, for people."""

Fraction = Field(ge=0, le=1)
Name, Identifier, Revision = (Field(pattern=pattern) for pattern in (NAME, IDENTIFIER, REVISION))


def first_problem(error: ValidationError) -> str:
    """The first thing that is wrong, in pydantic's words or in those of a validator of ours."""
    return error.errors()[0]["msg"].removeprefix("Value error, ")


class Schema(BaseModel):
    """A typed, immutable part of the configuration in which unknown keys are forbidden."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
