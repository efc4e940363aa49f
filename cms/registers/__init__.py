"""Registers (登记簿): what happened at the counter or on paper, with evidence, corrected by counter-entries."""
