"""Editions of the regulation (条例): what each says of limits, answers, fees and reports, as dated data."""
