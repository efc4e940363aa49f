"""All rules that need nothing but the text: importing this module has each ``rules_*`` module declare its own."""

from . import (
    rules_chapters,
    rules_metrics,
    rules_numbers,
    rules_prose,
    rules_similar,
    rules_structure,
    rules_sums,
    rules_tables,
    rules_time,
    rules_words,
)
from .rules import RULES

MODULES = (
    rules_chapters, rules_metrics, rules_numbers, rules_prose, rules_similar, rules_structure, rules_sums, rules_tables,
    rules_time, rules_words,
)  # fmt: skip

__all__ = ["MODULES", "RULES"]
