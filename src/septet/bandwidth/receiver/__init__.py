"""Receiving callbacks over HTTP: an ASGI application that stores every event before it answers.

Of `bandwidth`, it imports the modules without I/O and `storing`.
"""
