"""The report of an import, and the errors of a list."""

from septet.costing.rates.lists.report import Problems, Report


def test_lines():
    """Remarks of one subject are one line; places of one remark are listed together."""
    report = Report()
    report.add("Rows", "blank", "line 3")
    report.add("Columns", "x")
    report.add("Rows", "blank", "line 5")
    report.add("Rows", "other", "line 4", is_hint=True)
    assert list(report.lines()) == ["Rows: blank (line 3, line 5); other (line 4)", "Columns: x"]
    assert list(report.hints()) == ["Rows: blank (line 3, line 5); other (line 4)"]


def test_long_lines():
    """Lines are bounded."""
    report = Report()
    for number in range(100):
        report.add("Rows", "blank", f"line {number}")
    for number in range(20):
        report.add("Rows", f"text {number}")
    (line,) = report.lines()
    assert line.startswith(
        "Rows: blank (line 0, line 1, line 2, line 3, line 4 and 95 more); text 0;"
    )
    assert line.endswith("; text 10; and 9 more")


def test_problems():
    """Twenty errors are shown."""
    problems = Problems("list.csv")
    assert not problems
    for number in range(21):
        problems.add(f"line {number}", f"no {number}")
    assert problems
    assert problems.messages()[:1] == ["list.csv, line 0: no 0"]
    assert problems.messages()[20:] == ["list.csv: 1 more error"]


def test_problems_of_one_kind():
    """One error of many rows is one line."""
    problems = Problems("list.csv")
    for number in range(1, 1010):
        problems.add(f"line {number}", "no")
    problems.add("", "nowhere")
    assert problems.messages() == [
        "list.csv, line 1: no (also line 2, line 3, line 4, line 5, line 6 and 1,003 more)",
        "list.csv: nowhere",
    ]
