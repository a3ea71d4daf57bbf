"""Files made of an estimate: the priced campaign and the report.

Imports, of `costing`, everything but `run` and `budgets`.
"""
