"""Rate cards, the prices of messages, and sums of money.

The first part of `costing`: imports none of the others.
"""
