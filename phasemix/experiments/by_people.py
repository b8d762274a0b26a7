"""Runs by their number of people, from the tables of an experiment of kind people or transition."""

from pathlib import Path

import pandas as pd

from phasemix.base.files import read_json


def runs_by_people(folder: Path) -> pd.DataFrame:
    """One row per run, to the experiment's own horizon, with ``people``."""
    table = folder / "people.csv"
    if table.exists():
        return pd.read_csv(table, dtype={"size": str})
    runs = _at_own_horizon(pd.read_csv(folder / "transition.csv", dtype={"size": str}), folder)
    return runs.assign(people=int(runs["subjects"].max()))


def persons_by_people(folder: Path) -> pd.DataFrame:
    """What everybody is known by in each of these runs, with ``people``."""
    table = folder / "persons.parquet"
    if table.exists():
        return pd.read_parquet(table)
    persons = _at_own_horizon(pd.read_parquet(folder / "people.parquet"), folder)
    return persons.assign(people=int(runs_by_people(folder)["people"].max()))


def _at_own_horizon(table: pd.DataFrame, folder: Path) -> pd.DataFrame:
    return table[table["tokens"] == read_json(folder / "findings.json")["tokens"]]
