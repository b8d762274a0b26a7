"""Mixing laws compared on training runs that others published."""
