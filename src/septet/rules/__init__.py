"""The rules that providers publish, and the records of what is found in a text.

Imports `exceptions`, `standard`, `arrow`, `files`, `_kernels` and `display`.
"""
