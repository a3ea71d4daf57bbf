"""Estimates: counting batches, adding up their sums, the figures that follow, and their JSON.

May import `rates`, `reading` and `insights` of `costing`.
"""
