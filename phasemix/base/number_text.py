"""Numbers as people read them: with a minus sign, and with their intervals."""


def number_text(number: float, form: str) -> str:
    """A number in a format of Python's, such as ``+.2f``, with a minus sign where Python writes a hyphen."""
    return format(number, form).replace("-", "−")


def estimate_text(value: float, low: float, high: float, *, form: str, unit: str = "") -> str:
    """A number with its unit and its interval: ``−1.15 (−1.31 to −0.99)``."""
    value_text, low_text, high_text = (number_text(number, form) for number in (value, low, high))
    return f"{value_text}{unit} ({low_text} to {high_text})"
