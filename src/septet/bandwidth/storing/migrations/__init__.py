"""The steps of the schema, run by Alembic: one revision a file in `versions/`, each after the last.

A table is made by a new revision with the next number, never by a change to an older one: databases
of all of them are in use. A step runs in one transaction, on SQLite as on PostgreSQL.
"""
