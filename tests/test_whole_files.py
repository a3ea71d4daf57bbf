"""Files that are whole or not there."""

import pytest

from septet.whole_files import whole_file


def test_whole(tmp_path):
    """What was written is there under its name, and nothing else is."""
    path = tmp_path / "a.csv"
    path.write_text("older")
    with whole_file(str(path)) as unfinished:
        unfinished.write_text("newer")
        assert path.read_text() == "older"
    assert path.read_text() == "newer"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_not_at_all(tmp_path, error):
    """What fails half-way leaves the file that was there before, and no other."""
    path = tmp_path / "a.csv"
    path.write_text("older")

    def fail():
        with whole_file(str(path)) as unfinished:
            unfinished.write_text("new")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]
