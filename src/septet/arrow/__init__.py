"""The Arrow C data interface: reads columns of other libraries and exports our own.

Imports nothing else of septet, and no Arrow library.
"""
