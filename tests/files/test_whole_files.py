"""Files that are written completely or not at all."""

import errno
import os
import stat

import pytest

from septet.files.whole_files import is_same_file, open_file_number, text_of, whole_file

posix = pytest.mark.skipif(os.name != "posix", reason="links and special files of POSIX")


def test_complete_file(tmp_path):
    """The new content replaces the old at the end, and no other file is left."""
    path = tmp_path / "a.csv"
    path.write_text("older")
    with whole_file(str(path)) as file:
        file.write(b"newer")
        assert path.read_text() == "older"
    assert path.read_text() == "newer"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_failure(tmp_path, error):
    """A failure leaves the old file as it was, and no other file."""
    path = tmp_path / "a.csv"
    path.write_text("older")

    def fail():
        with whole_file(str(path)) as file:
            file.write(b"new")
            raise error

    with pytest.raises(type(error)) as caught:
        fail()
    assert getattr(caught.value, "filename", None) in (None, str(path))
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_errors_name_the_given_path(tmp_path):
    """The name of the unfinished file would mean nothing to a user."""
    path = tmp_path / "none" / "a.csv"
    with pytest.raises(FileNotFoundError) as caught, whole_file(path):
        pytest.fail("there is nothing to write to")
    assert caught.value.filename == str(path)
    with pytest.raises(FileNotFoundError) as caught, whole_file(tmp_path / "a.csv"):
        (tmp_path / "other").read_text()
    assert caught.value.filename == str(tmp_path / "other")


def test_text(tmp_path):
    """Text is UTF-8 with the line ends that it has, and errors are as asked."""
    with whole_file(tmp_path / "a") as file, text_of(file, "replace") as text:
        text.write("é\r\n\ud800\n")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\r\n?\n"
    error = pytest.raises(UnicodeEncodeError)
    with error, whole_file(tmp_path / "b") as file, text_of(file) as text:
        text.write("\ud800")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_folders(tmp_path):
    """A folder is refused, and so is a name that can only be one."""
    for path in (tmp_path, f"{tmp_path}/new/", f"{tmp_path}/"):
        with pytest.raises(OSError, match="not a file") as caught, whole_file(path):
            pytest.fail("there is nothing to write to")
        assert caught.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a" * 250 + ".csv", "é" * 127, "x.unfinished"])
def test_long_names(tmp_path, name):
    """A name of as many octets as file systems allow can be written."""
    with whole_file(tmp_path / name) as file:
        file.write(b"new")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@posix
class TestLinks:
    def test_links_of_the_user(self, tmp_path):
        """A symbolic link is kept and its target replaced, or made if it is missing."""
        (tmp_path / "b.csv").write_text("older")
        (tmp_path / "a.csv").symlink_to("b.csv")
        (tmp_path / "new.csv").symlink_to("c.csv")
        for name, target in (("a.csv", "b.csv"), ("new.csv", "c.csv")):
            with whole_file(tmp_path / name) as file:
                file.write(b"newer")
            assert (tmp_path / name).is_symlink()
            assert not (tmp_path / target).is_symlink()
            assert (tmp_path / target).read_text() == "newer"
        (tmp_path / "loop").symlink_to("loop")
        with pytest.raises(OSError) as caught, whole_file(tmp_path / "loop"):  # noqa: PT011
            pytest.fail("there is nothing to write to")
        assert caught.value.errno == errno.ELOOP

    def test_links_of_others(self, tmp_path, monkeypatch):
        """A link under the unfinished name, if somebody guesses it, is not followed."""
        monkeypatch.setattr(os, "urandom", bytes)
        (tmp_path / "secret").write_text("secret")
        link = tmp_path / f"a.csv.{bytes(8).hex()}.unfinished"
        link.symlink_to("secret")
        with pytest.raises(FileExistsError) as caught, whole_file(tmp_path / "a.csv"):
            pytest.fail("there is nothing to write to")
        assert caught.value.filename == str(tmp_path / "a.csv")
        assert (tmp_path / "secret").read_text() == "secret"
        assert link.is_symlink()

    def test_hard_links(self, tmp_path):
        """The other name of a file keeps what it had."""
        (tmp_path / "a").write_text("older")
        os.link(tmp_path / "a", tmp_path / "b")
        with whole_file(tmp_path / "a") as file:
            file.write(b"newer")
        assert (tmp_path / "b").read_text() == "older"


@posix
class TestSpecialFiles:
    def test_pipes_and_devices(self, tmp_path):
        """They are written to, and stay what they are."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        for path in (pipe, os.devnull):
            with whole_file(path) as file:
                file.write(b"new")
        assert os.read(reader, 10) == b"new"
        os.close(reader)
        assert stat.S_ISFIFO(os.stat(pipe).st_mode)
        assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
        assert list(tmp_path.iterdir()) == [pipe]

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
    def test_full_device(self):
        """The error of a device names it."""
        with pytest.raises(OSError) as caught, whole_file("/dev/full") as file:  # noqa: PT011
            file.write(b"new")
        assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, "/dev/full")

    @pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="needs names of open files")
    def test_open_files(self, tmp_path):
        """What an open file has is kept, and the next write is behind the new content."""
        path = tmp_path / "log"
        with path.open("wb", buffering=0) as log:
            log.write(b"before,")
            link = tmp_path / "link"
            link.symlink_to(f"/dev/fd/{log.fileno()}")
            for name in (f"/dev/fd/{log.fileno()}", link):
                assert open_file_number(name) == log.fileno()
                with whole_file(name) as file:
                    file.write(b"new,")
            log.write(b"after")
        assert path.read_bytes() == b"before,new,new,after"
        assert open_file_number(path) is None
        assert open_file_number(tmp_path / "1") is None
        with pytest.raises(OSError) as caught, whole_file("/dev/fd/987"):  # noqa: PT011
            pytest.fail("there is nothing to write to")
        assert (caught.value.errno, caught.value.filename) == (errno.EBADF, "/dev/fd/987")


class TestSameFile:
    def test_names(self, tmp_path, monkeypatch):
        """Files that are not there yet are compared by name, others by what they are."""
        monkeypatch.chdir(tmp_path)
        assert is_same_file("a", "./a")
        assert is_same_file("a", tmp_path / "b" / ".." / "a")
        assert not is_same_file("a", "b")
        (tmp_path / "a").touch()
        (tmp_path / "b").touch()
        assert not is_same_file("a", "b")

    @posix
    def test_links(self, tmp_path):
        """Links to a file, of both kinds, and to a folder above it are names of it."""
        (tmp_path / "a").touch()
        (tmp_path / "folder").symlink_to(tmp_path)
        (tmp_path / "link").symlink_to("a")
        os.link(tmp_path / "a", tmp_path / "hard")
        (tmp_path / "dangling").symlink_to("new")
        for name in ("link", "hard", "folder/a", "folder/link"):
            assert is_same_file(tmp_path / "a", tmp_path / name)
        assert is_same_file(tmp_path / "dangling", tmp_path / "folder/new")
