"""What cells train on, and what a study may cost: a part of the configuration that decides no result."""

from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from phasemix.base.schema import GPU_MODEL, Schema

GpuModel = Field(default=None, pattern=GPU_MODEL)


class Allocation(Schema):
    """What one cell is given: ``devices`` (GPUs, or processes on CPUs) on each of ``nodes``; ``model`` of GPU."""

    nodes: PositiveInt = 1
    devices: PositiveInt = 1
    model: str | None = GpuModel

    @property
    def gres(self) -> str:
        """The GPUs of a node as SLURM's ``--gres`` asks for them."""
        return ":".join(["gpu", *([self.model] if self.model else []), str(self.devices)])

    @property
    def all_devices(self) -> int:
        """Devices on all nodes: the processes that train the cell."""
        return self.nodes * self.devices


class Budget(Schema):
    """The most that a whole study may cost; None: no limit."""

    device_hours: PositiveFloat | None = None
    money: PositiveFloat | None = None
    gigabytes: PositiveFloat | None = None


class Hardware(Schema):
    """The devices that cells train on: ``cells`` names the sizes that are given more than one.

    ``peak_teraflops`` is what one device's matrix products could reach, ``utilisation`` the share of it that
    training does reach, until finished cells say more. ``price`` is of a device for an hour, in any
    currency. No job asks for more than ``longest_job`` hours: a cell that takes longer goes on from its
    checkpoint in the next; nor for more than ``largest_memory`` GB. With ``steps`` the whole workflow runs in one
    allocation of SLURM, and its cells are steps of it. Where jobs are submitted, one that gathers or tokenises text has
    ``text_cores`` cores; on this machine, half of them. Plans say how long the study takes on ``counts`` devices.
    """

    device: Literal["cpu", "gpu"]
    model: str | None = GpuModel
    peak_teraflops: PositiveFloat
    utilisation: float = Field(gt=0, le=2)
    cells: dict[str, Allocation] = Field(default_factory=dict)
    longest_job: PositiveFloat | None = None
    largest_memory: PositiveFloat | None = None
    steps: bool = False
    text_cores: PositiveInt = 2
    price: PositiveFloat | None = None
    budget: Budget = Budget()
    counts: list[PositiveInt] = Field(min_length=1)

    def allocation(self, size: str) -> Allocation:
        """What a cell of this size is given."""
        found = self.cells.get(size, Allocation())
        return found.model_copy(update={"model": found.model or self.model})

    @model_validator(mode="after")
    def _steps_have_one_node(self) -> Self:
        wide = [size for size, given in self.cells.items() if given.nodes > 1]
        if self.steps and wide:
            raise ValueError(f"steps: {wide[0]} has several nodes in cells; a step of an allocation has one")
        return self
