"""Campaigns in files and tables, read as batches of columns; templates.

Imports, of `costing`, only `rates`.
"""
