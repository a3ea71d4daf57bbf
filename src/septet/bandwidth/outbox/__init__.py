"""Sending what is stored: the outbox and the process that works it off.

Imports, of `bandwidth`, the vocabulary, `sending` and `storing`.
"""
