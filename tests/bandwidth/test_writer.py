"""One thread that writes for all."""

from __future__ import annotations

import pytest

pytest.importorskip("sqlalchemy")
from septet.bandwidth.database import Database


def test_the_culprit_alone_fails(tmp_path) -> None:
    """The other jobs of a batch are committed."""
    database = Database(tmp_path / "events.db")
    futures = [database.write(lambda _, number=number: 1 // number) for number in (1, 0, 1)]
    database.close()
    assert [futures[0].result(), futures[2].result()] == [1, 1]
    assert isinstance(futures[1].exception(), ZeroDivisionError)
