"""Documents: one model of blocks, written as HTML, text, DOCX, XLSX and PDF; and files of others, read as blocks.

The package knows neither the database nor the web. Plugins use it through :mod:`cms.api`.
"""
