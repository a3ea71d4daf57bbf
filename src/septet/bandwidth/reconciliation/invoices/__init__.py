"""Audits invoices: the lines that a provider billed against the messages of a store.

May import what `reconciliation` may.
"""
