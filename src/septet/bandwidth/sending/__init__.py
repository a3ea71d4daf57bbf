"""Clients that send messages to Bandwidth, keep media there, and search for earlier messages.

Of `bandwidth`, it imports only the modules without I/O (messages, callbacks, outcomes, errors).
"""
