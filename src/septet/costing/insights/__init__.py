"""What would make a campaign cheaper: savings, and the fields that cause UCS-2 or more segments.

Imports, of `costing`, `rates` and `reading`.
"""
