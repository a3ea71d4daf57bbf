"""How texts, figures and pages are shown to people.

Imports only `exceptions` and `standard`.
"""
