"""Grids of cells: (size, ratio, seed), perhaps at several horizons, and how a cell's folder is named."""

from collections.abc import Sequence
from typing import NamedTuple

from pydantic import ConfigDict, Field, NonNegativeInt, RootModel

from phasemix.base.schema import Schema

CELL_PATH = "size={size}/ratio={ratio}/seed={seed}{horizon}"
HORIZON = "/tokens={tokens}"  # the horizon of cells that differ in it; of others, nothing


class Block(Schema):
    """A full grid: every size at every ratio with every seed."""

    sizes: list[str] = Field(min_length=1)
    ratios: list[float] = Field(min_length=1)
    seeds: list[NonNegativeInt] = Field(min_length=1)


class CellKey(NamedTuple):
    """One cell as it is spelled in file names; ``horizon`` is empty where cells do not differ in it."""

    size: str
    ratio: str
    seed: str
    horizon: str = ""

    @property
    def path(self) -> str:
        """The cell's folder below that of its experiment."""
        return CELL_PATH.format(**self._asdict())


class Grid(RootModel[list[Block]]):
    """The union of blocks of cells."""

    model_config = ConfigDict(frozen=True)
    root: list[Block] = Field(min_length=1)

    def cells(self, horizons: Sequence[int] = ()) -> list[CellKey]:
        """Every cell once, in the order of the blocks; at every one of ``horizons`` (tokens), if there are any."""
        keys = (
            CellKey(size, f"{ratio:g}", str(seed), horizon)
            for block in self.root
            for size in block.sizes
            for ratio in block.ratios
            for seed in block.seeds
            for horizon in [HORIZON.format(tokens=tokens) for tokens in horizons] or [""]
        )
        return list(dict.fromkeys(keys))
