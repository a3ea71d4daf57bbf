"""Price lists as they are published: read as rates, with a report of what was done.

Start at `price_list`, which reads every kind of list, the plain rate card among them.
"""
