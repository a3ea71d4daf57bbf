"""The outbox: messages are stored first and then sent, each at most once.

Of `bandwidth`, it imports the modules without I/O, `sending` and `storing`.
"""
