"""What cells train on, and what a study may cost: a part of the configuration that decides no result."""

from typing import Literal, Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from phasemix.base.schema import GPU_MODEL, Schema

GpuModel = Field(default=None, pattern=GPU_MODEL)


class Allocation(Schema):
    """What one cell is given.

    Attributes:
        nodes: machines.
        devices: on each of them: GPUs, or processes on CPUs.
        model: of GPU, as the cluster names it; None: that of ``hardware``.
        shard: whether they all share the parameters of a model that is too large for one.
    """

    nodes: PositiveInt = 1
    devices: PositiveInt = 1
    model: str | None = GpuModel
    shard: bool = False

    @property
    def gres(self) -> str:
        """The GPUs of a node as SLURM's ``--gres`` asks for them."""
        return ":".join(["gpu", *([self.model] if self.model else []), str(self.devices)])

    @property
    def all_devices(self) -> int:
        """Devices on all nodes: the processes that train the cell."""
        return self.nodes * self.devices

    @model_validator(mode="after")
    def _several_share(self) -> Self:
        if self.shard and self.all_devices == 1:
            raise ValueError("shard: needs several devices")
        return self


class Budget(Schema):
    """The most that a whole study may cost, finished cells included; None: no limit.

    Attributes:
        device_hours: hours of all devices together.
        money: in the currency of ``price``.
        gigabytes: on disk.
    """

    device_hours: PositiveFloat | None = None
    money: PositiveFloat | None = None
    gigabytes: PositiveFloat | None = None


class Hardware(Schema):
    """The devices that cells train on; decides requests, plans and prices, and no result.

    Attributes:
        device: of which kind.
        model: of GPU, as the cluster names it; None: any.
        peak_teraflops: of one device, what its matrix products could reach.
        utilisation: the share of that which training does reach, until finished cells say more.
        cells: by size, what is given to sizes that need more than one device, and by name to language models of others.
        longest_job: hours that a job may ask for; a cell that takes longer goes on from its checkpoint in the next.
        largest_memory: GB that a job may ask for.
        steps: whether the whole workflow runs in one allocation of SLURM, and its cells are steps of it.
        text_cores: of a job that gathers or tokenises text, where jobs are submitted; on this machine, half of its own.
        price: of a device for an hour, in any currency.
        budget: a study that costs more is not started.
        counts: numbers of devices for which plans say how long the study takes.
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
