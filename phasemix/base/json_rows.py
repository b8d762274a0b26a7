"""Tables and numbers as JSON has them: numbers that do not exist are null."""

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def json_value(value: Any) -> Any:
    """A value of a table as JSON has it; NumPy's become Python's, and what is no finite number None."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def json_rows(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """The rows of a table by column."""
    return [{str(name): json_value(value) for name, value in row.items()} for row in table.to_dict("records")]
