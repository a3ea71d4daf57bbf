"""`septet estimate --segments-per-second`: how long sending takes."""

import json
from datetime import datetime

import pytest

OPTIONS = ["--segments-per-second", "0.5", "--between", "9:00-20:00"]
START = ["--start", "2026-12-01T19:59:55"]


def test_times(run, campaign):
    """Six segments at a segment every two seconds: five seconds today, seven tomorrow."""
    status, out, _ = run("estimate", campaign, "--text", "body", *OPTIONS, *START)
    assert status == 0
    row = "Sending takes      12 s  from 2026-12-01 19:59:55 to 2026-12-02 09:00:07\n"
    assert " ".join(row.split()) in [" ".join(line.split()) for line in out.splitlines()]
    assert "Sending" not in run("estimate", campaign, "--text", "body")[1]


def test_json(run, campaign, tmp_path):
    """The times are added to the estimate, which can be read and added to others again."""
    command = ["estimate", campaign, "--text", "body"]
    plain = json.loads(run(*command, "--json")[1])
    parts = [tmp_path / "1.json", tmp_path / "2.json"]
    for path in parts:
        path.write_text(run(*command, *OPTIONS, *START, "--per-day", "4", "--json")[1])
    times = {
        "start": "2026-12-01T19:59:55",
        "end": "2026-12-02T09:00:07",
        "elapsed_seconds": 46_812,
        "sending_seconds": 12,
    }
    assert json.loads(path.read_text()) == plain | {"sending_time": times}
    twice = run("estimate", *parts, "--segments-per-second", "1", "--per-day", "5", *START)[1]
    assert "from 2026-12-01 19:59:55 to 2026-12-03 00:00:02" in twice


def test_report(run, campaign, tmp_path):
    """The report tells it too."""
    pytest.importorskip("jinja2")
    page = tmp_path / "report.html"
    run("estimate", campaign, "--text", "body", *OPTIONS, *START, "--report", page)
    assert "from 2026-12-01 19:59:55 to 2026-12-02 09:00:07" in page.read_text()
    run("estimate", campaign, "--text", "body", "--report", page)
    assert "Sending takes" not in page.read_text()


def test_over_midnight_and_from_now_on(run, campaign):
    """Hours may pass midnight, 24:00 is its end, and sending starts now."""
    for hours in ("22:00-06:00", "00:00-23:59", "09:00-24:00", "0:01-00:00"):
        out = run(
            *("estimate", campaign, "--text", "body", "--json"),
            *("--segments-per-second", "2", "--between", hours),
        )[1]
        times = json.loads(out)["sending_time"]
        assert datetime.fromisoformat(times["end"]) > datetime.fromisoformat(times["start"])
        assert times["sending_seconds"] == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--segments-per-second", "0"], "'0' is not a number greater than 0, such as 0.25"),
        (["--segments-per-second", "-1"], "--segments-per-second: "),
        (["--segments-per-second", "1e3"], "'1e3' is not a number greater than 0, such as 0.25"),
        (["--per-day", "5"], "--per-day needs --segments-per-second: the rate of sending"),
        (["--start", "2026-12-01"], "--start needs --segments-per-second: the rate of sending"),
        (["--between", "9:00-20:00"], "--between needs --segments-per-second: the rate of sending"),
        ([*OPTIONS, "--per-day", "0"], "'0' is not a whole number from 1"),
        ([*OPTIONS, "--between", "9-20"], "'9-20' are not times of day such as 09:00-20:00"),
        ([*OPTIONS, "--between", "09:00-25:00"], "'09:00-25:00' are not times of day"),
        ([*OPTIONS, "--between", "24:00-09:00"], "'24:00-09:00' are not times of day"),
        ([*OPTIONS, "--between", "9:00-09:00"], "between must be two different times"),
        ([*OPTIONS, "--start", "noon"], "'noon' is not a local time such as 2026-12-01T09:00"),
        ([*OPTIONS, "--start", "2026-12-01T09:00Z"], "is not a local time such as"),
        (
            ["--segments-per-second", "0.1", "--start", "9999-12-31T23:59:59"],
            "sending ends after the year 9999",
        ),
    ],
)
def test_wrong_options(run, capsys, campaign, options, message):
    """Each is a usage error in one line."""
    with pytest.raises(SystemExit) as caught:
        run("estimate", campaign, "--text", "body", *options)
    out, err = capsys.readouterr()
    assert (caught.value.code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
