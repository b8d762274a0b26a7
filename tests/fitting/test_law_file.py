"""Law files that cannot be read."""

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.fitting.law_file import read_law, write_law
from phasemix.laws import load_law
from tests.laws.truth import truth


def test_damaged_law_files_are_one_line(tmp_path):
    path = tmp_path / "law.json"
    for content in (
        "",
        "{",
        "[]",
        '{"format": "phasemix law 2"}',
        '{"format": "phasemix law 2", "runs": {}, "law": "x"}',
    ):
        path.write_text(content)
        with pytest.raises(PhasemixError) as error:
            read_law(path)
        assert str(path) in str(error.value)
        assert "\n" not in str(error.value)
    with pytest.raises(PhasemixError, match="no such file"):
        read_law(tmp_path / "none.json")
    write_law(path, load_law("regmix-linear").fit(truth("regmix-linear").runs))
    good = path.read_text()
    for broken in (good.replace('"theta"', '"thet"'), good.replace('"regmix-linear"', '"foo"', 1)):
        path.write_text(broken)
        with pytest.raises(PhasemixError) as error:
            read_law(path)
        assert "\n" not in str(error.value)
