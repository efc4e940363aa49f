"""Addresses of the public pages of letters, with the base path of the site."""

from cms.api import path_of

HOME = "/letters/"


def letter_path(letter_id: int) -> str:
    """Return the address of the page of a public letter."""
    return path_of(f"{HOME}{letter_id}.html")
