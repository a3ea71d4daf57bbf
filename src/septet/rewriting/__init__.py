"""Changes to a text that make it fit or cost less: transliteration, truncation, advice.

Imports from `rules`, `_kernels`, `display`, `standard` and below; never `wire` or `columns`.
"""
