"""Adapters for Polars, pandas, DuckDB and Spark: one module each, imported by its users.

May import `costing`, `segmentation` and everything below.
"""
