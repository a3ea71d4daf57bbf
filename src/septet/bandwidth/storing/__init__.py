"""The database of events and of the outbox: its tables, one writing thread, migrations, exports.

Of `bandwidth`, it imports only the modules without I/O (messages, callbacks, outcomes, errors).
"""
