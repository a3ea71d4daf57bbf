"""Databases that can be used, and one clear error for those that cannot."""

from __future__ import annotations

import pytest

pytest.importorskip("sqlalchemy")
from septet.bandwidth import StoreError
from septet.bandwidth.database import Database


@pytest.mark.parametrize("url", ["mysql://a:secret@b/c", "sqlite://", "postgresql://a:sec ret:x@b"])
def test_wrong_urls(url) -> None:
    """One sentence, and never the password."""
    with pytest.raises(StoreError) as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database(tmp_path) -> None:
    """It is left alone."""
    path = tmp_path / "events.db"
    path.write_bytes(b"id,phone,body\n" * 99)
    with pytest.raises(StoreError, match=rf"^{path}: file is not a database$"):
        Database(path)
    assert path.read_bytes() == b"id,phone,body\n" * 99
