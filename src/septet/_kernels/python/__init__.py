"""The pure-Python implementation of the kernels: the reference, written to be read.

Imports `exceptions`, `standard` and `arrow`; never the compiled modules or the dispatch module.
"""
