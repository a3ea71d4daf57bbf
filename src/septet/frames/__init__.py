"""Adapters for dataframe libraries, one module each, loaded when asked for by name.

May import `costing`, `segmentation` and everything below.
"""
