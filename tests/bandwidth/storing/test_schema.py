"""Databases whose version table is damaged, or does not fit the other tables."""

import pytest

pytest.importorskip("sqlalchemy")
from sqlalchemy import text

from septet.bandwidth import StoreError
from septet.bandwidth.storing.database import Database


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (["DELETE FROM septet_version"], "has the table events, but septet_version names no"),
        (["DROP TABLE septet_version"], "has the table events, but septet_version names no"),
        (["UPDATE septet_version SET version_num = 'x'"], "damaged: expected one .*, got 'x'"),
        (["UPDATE septet_version SET version_num = ''"], "damaged: expected one .*, got ''"),
        (["INSERT INTO septet_version VALUES ('0001')"], "damaged: expected one .*'000"),
        (
            ["UPDATE septet_version SET version_num = '0001'"],
            "names .* 0001, .* exists already",
        ),
        (["DROP TABLE outbox"], "names .* 0007, but the table outbox is missing"),
        (["DROP TABLE events"], "names .* 0007, but the table events is missing"),
    ],
)
@pytest.mark.parametrize("create", [True, False])
def test_damaged_versions(url, statements, message, create):
    """One line says what was expected, and what to do; nothing is changed."""
    opened = Database(url)
    for statement in statements:
        opened.write(lambda connection, sql=statement: connection.execute(text(sql))).result()
    with pytest.raises(StoreError, match=message) as caught:
        Database(url, create=create)
    assert str(caught.value).startswith(f"{opened.name}: ")
    assert "restored from a backup" in str(caught.value) or "restore the store" in str(caught.value)
    assert "\n" not in str(caught.value)
    opened.close()
