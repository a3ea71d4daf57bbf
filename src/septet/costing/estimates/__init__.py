"""The estimate of a campaign: how batches are added up, and its JSON.

Imports, of `costing`, `rates`, `reading` and `insights`.
"""
