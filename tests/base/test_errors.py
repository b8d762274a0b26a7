"""Mistakes of the user are one line."""

import pytest

from phasemix.base.errors import PhasemixError, one_line, run


def test_an_error_for_people_is_one_line_and_exit_code_one():
    def main():
        raise PhasemixError("this is wrong")

    with pytest.raises(SystemExit) as stop:
        run(main)
    assert stop.value.code == "error: this is wrong"


def test_of_other_errors_the_first_line_is_told():
    assert one_line(ValueError("\n first \nsecond")) == "first "
    assert one_line(KeyError()) == "KeyError"
