"""Gongkai (公开): a website system for Chinese county-government departments."""

__version__ = "0.1.0"
