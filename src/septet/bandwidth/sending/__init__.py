"""Clients that send messages to Bandwidth, and search for messages sent before.

Imports, of `bandwidth`, only the vocabulary: its modules without I/O.
"""
