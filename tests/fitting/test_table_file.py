"""CSV files as spreadsheets write them, and files that cannot be read."""

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.fitting.runs_table import read_runs

TABLE = "run,step,mix.a,mix.b,loss.a\nr1,100,.25,.75,3.5\nr2,100,.5,.5,3.25\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode("utf-8-sig"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),
        TABLE.replace("run", "run ").replace(",mix.a", " , mix.a").encode(),
        TABLE.replace("\n", ",,\n").encode(),
        (TABLE + ",,,,\n").encode(),
        ("\n" + TABLE.replace("mix.a", '"mix.a"')).encode(),
    ],
    ids=[
        "byte-order mark",
        "semicolons",
        "tabs",
        "as Excel",
        "spaces",
        "columns of nothing",
        "rows of nothing",
        "quotes",
    ],
)
def test_tables_of_spreadsheets_are_read(content, tmp_path):
    (tmp_path / "runs.csv").write_bytes(content)
    runs = read_runs(tmp_path / "runs.csv")
    assert runs.run.tolist() == ["r1", "r2"]
    assert runs.mixture.tolist() == [[0.25, 0.75], [0.5, 0.5]]
    assert runs.loss.tolist() == [[3.5], [3.25]]
    assert runs.step.tolist() == [100, 100]


def test_endings_are_read_in_any_case(tmp_path):
    for name, content in (("RUNS.CSV", TABLE), ("runs.tsv", TABLE.replace(",", "\t"))):
        (tmp_path / name).write_text(content)
        assert len(read_runs(tmp_path / name)) == 2


def test_a_separator_inside_a_name_does_not_divide(tmp_path):
    (tmp_path / "runs.csv").write_text(TABLE.replace("mix.a", "mix.a;b;c"))
    assert read_runs(tmp_path / "runs.csv").domains == ("a;b;c", "b")


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("runs.csv", b"", "is empty"),
        ("runs.csv", b"\xef\xbb\xbf\n", "is empty"),
        ("runs.csv", TABLE.encode("utf-16"), "is not text in UTF-8; save it as CSV in UTF-8"),
        ("runs.csv", b"run,mix.a,mix.a,mix.b\nx,.5,.5,.5\n", "has the column mix.a twice"),
        ("runs.csv", b"run,mix.a,mix.b\nx,.5,.5,.5\n", "line 2 has 4 cells, but the header has 3 cells"),
        ("runs.csv", b"run;mix.a;mix.b;loss.a\nx;0,25;0,75;3,5\n", "mix.a = '0,25' has a decimal comma; write a point"),
        ("runs.csv", b"Run,mix.a,mix.b\nx,.5,.5\n", "lacks the column run; it has Run, mix.a, mix.b"),
        ("runs.parquet", b"no parquet", "cannot be read"),
        ("runs.xlsx", b"", "is none of .csv, .tsv, .parquet"),
    ],
)
def test_bad_files_are_one_line(name, content, line, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PhasemixError) as error:
        read_runs(tmp_path / name)
    assert line in str(error.value)
    assert "\n" not in str(error.value)


def test_folders_are_one_line(tmp_path):
    for name in ("runs.csv", "runs.parquet"):
        (tmp_path / name).mkdir()
        with pytest.raises(PhasemixError, match=r"Is a directory|has no columns"):
            read_runs(tmp_path / name)
