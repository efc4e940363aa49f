"""Addresses of the pages of letters, with the base path of the site."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import url_for

from cms.api import path_of

HOME = "/letters/"


def letter_path(letter_id: int) -> str:
    """Return the address of the page of a public letter."""
    return path_of(f"{HOME}{letter_id}.html")


def with_query(endpoint: str, values: Mapping[str, str]) -> str:
    """Return the address of a view with a query; values that are empty are left out."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)
