"""Files that are written completely or not at all."""

import os

import pytest

from septet.files.whole_files import whole_file


def test_complete_file(tmp_path):
    """The new content replaces the old at the end, and no other file is left."""
    path = tmp_path / "a.csv"
    path.write_text("older")
    with whole_file(str(path)) as unfinished:
        unfinished.write_text("newer")
        assert path.read_text() == "older"
    assert path.read_text() == "newer"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_failure(tmp_path, error):
    """A failure leaves the old file as it was, and no other file."""
    path = tmp_path / "a.csv"
    path.write_text("older")

    def fail():
        with whole_file(str(path)) as unfinished:
            unfinished.write_text("new")
            raise error

    with pytest.raises(type(error)) as caught:
        fail()
    assert getattr(caught.value, "filename", None) in (None, str(path))
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_errors_name_the_given_path(tmp_path):
    """The name of the unfinished file would mean nothing to a user."""
    path = tmp_path / "none" / "a.csv"
    with pytest.raises(FileNotFoundError) as caught, whole_file(path) as unfinished:
        unfinished.write_text("new")
    assert caught.value.filename == str(path)
    with pytest.raises(FileNotFoundError) as caught, whole_file(tmp_path / "a.csv"):
        (tmp_path / "other").read_text()
    assert caught.value.filename == str(tmp_path / "other")


def test_only_files_are_replaced(tmp_path):
    """Folders and devices are refused; a symbolic link is kept and its target replaced."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(OSError, match="not a file") as caught, whole_file(path):
            pytest.fail("there is nothing to write to")
        assert caught.value.filename == str(path)
    (tmp_path / "b.csv").write_text("older")
    (tmp_path / "a.csv").symlink_to("b.csv")
    with whole_file(tmp_path / "a.csv") as unfinished:
        unfinished.write_text("newer")
    assert (tmp_path / "a.csv").is_symlink()
    assert (tmp_path / "b.csv").read_text() == "newer"
