"""The documentation; a package, so that what builds its site can be imported."""
