"""Mixing laws: what a loss is as a function of the mixture, steps and size; fitted, compared and optimised."""
