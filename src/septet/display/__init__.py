"""How texts, figures and pages are shown to people: safe characters, wording, HTML pages.

Imports only `exceptions` and `standard`.
"""
