"""The small language model that tests of commands ask, too."""

from tests.commands.conftest import tiny

__all__ = ["tiny"]
