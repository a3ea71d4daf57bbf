"""The database of events and of the outbox: its tables, one writing thread, migrations, exports.

Imports, of `bandwidth`, only the vocabulary: its modules without I/O.
"""
