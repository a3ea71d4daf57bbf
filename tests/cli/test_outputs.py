"""Files that a command would write over: the pairs of `septet estimate` are in its own tests."""

import pytest


@pytest.mark.parametrize("spelling", ["{0}/{1}", "{0}/./{1}", "{0}/link.csv"])
@pytest.mark.parametrize("option", ["--rates", "--store"])
def test_reconcile(run, tmp_path, capsys, option, spelling):
    """Neither the rate card nor the store is overwritten, by any of its names."""
    for name in ("card.csv", "events.csv"):
        (tmp_path / name).write_text("as before")
    name = "card.csv" if option == "--rates" else "events.csv"
    (tmp_path / "link.csv").symlink_to(name)
    target = spelling.format(tmp_path, name)
    with pytest.raises(SystemExit) as caught:
        run(
            *("bandwidth", "reconcile", "--store", tmp_path / "events.csv"),
            *("--rates", tmp_path / "card.csv", "--output", target),
        )
    assert caught.value.code == 2
    assert f"--output {target} would overwrite a file that is read" in capsys.readouterr().err
    assert (tmp_path / name).read_text() == "as before"


def test_outcomes(run, tmp_path, capsys):
    """The store is not overwritten."""
    path = tmp_path / "events.csv"
    path.write_text("as before")
    with pytest.raises(SystemExit) as caught:
        run("bandwidth", "outcomes", "--store", path, "--output", path)
    assert caught.value.code == 2
    assert "would overwrite a file that is read" in capsys.readouterr().err
    assert path.read_text() == "as before"
