"""Files made of an estimate: the messages with their prices, and the report.

May import `rates`, `reading`, `insights` and `estimates` of `costing`.
"""
