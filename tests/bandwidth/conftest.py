"""Every test of a database on both: SQLite, and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from postgresql_server import PostgresqlServer, find_binaries


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Iterator[PostgresqlServer]:
    """A PostgreSQL server."""
    is_required = request.config.getoption("--require-postgresql")
    if not is_required:
        pytest.importorskip("psycopg")
    binaries = find_binaries()
    if binaries is None:
        if is_required:
            pytest.fail("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    server = PostgresqlServer(binaries)
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path) -> Callable[[], str]:
    """A function that gives the URL of a new database each time, of one kind and of the other."""
    if request.param == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        return server.create_database
    numbers = iter(range(100))
    return lambda: f"sqlite:///{tmp_path}/events_{next(numbers)}.db"


@pytest.fixture
def url(new_url) -> str:
    """The URL of a new database, of one kind and of the other."""
    return new_url()
