"""What would make a campaign cheaper: possible savings, and the effects of template fields.

May import `rates` and `reading` of `costing`.
"""
