"""The commands that have nothing to do with a provider's API, a module each.

May import everything but `cli.main`.
"""
