"""The rules that texts are counted by, those of providers, and the records of the results.

Imports `exceptions`, `standard`, `arrow`, `files`, `_kernels` and `display`.
"""
