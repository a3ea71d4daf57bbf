"""Migrations of the schema, run by Alembic: one revision per file in `versions/`.

To change the schema, add a revision with the next number. Never change an older one: databases of
every revision are in use. A migration runs in one transaction, on SQLite and on PostgreSQL.
"""
