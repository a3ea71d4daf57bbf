"""The Arrow C data interface: columns of other libraries are read, and our own are exported.

Imports nothing else of septet, and no Arrow library.
"""
