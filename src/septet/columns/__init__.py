"""Columns of texts: counts them, rewrites them, and surveys them for an estimate.

Imports from `rewriting`, `rules`, `_kernels`, `arrow`, `standard` and below; never `wire`.
"""
