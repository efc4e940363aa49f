"""Figures (指标): every number the product shows is a query, and the list behind it is the same query."""
