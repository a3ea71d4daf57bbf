"""The picture of results."""

from __future__ import annotations

from xml.etree import ElementTree

from septet.benchmarks.chart import draw
from septet.benchmarks.results import Group, Row

SVG = "{http://www.w3.org/2000/svg}"


def group(*medians: float) -> Group:
    """Return a group with a row for each time."""
    rows = [
        Row("section", f"`f<{number}>`", 1_000, median, median, is_septet=number == 0)
        for number, median in enumerate(medians)
    ]
    return Group("A title", "", "", rows, [], [])


def bars(picture: str) -> list[tuple[str, float]]:
    """Return the colour and the length of each bar."""
    root = ElementTree.fromstring(picture)
    _, *bars = root.iter(f"{SVG}rect")
    return [(bar.get("class"), float(bar.get("width"))) for bar in bars]


def test_lengths() -> None:
    """Bars are proportional to messages a second."""
    assert bars(draw([group(1, 2, 4)])) == [("septet", 280), ("other", 140), ("other", 70)]


def test_logarithms() -> None:
    """Beyond a factor of a hundred, each power of ten is a line in every row."""
    picture = draw([group(0.1, 1_000)])  # 10,000,000 and 1,000 a second
    assert bars(picture) == [("septet", 280), ("other", 0)]
    assert picture.count('class="line"') == 2 * 3
    assert "ten times" in picture


def test_texts_and_height() -> None:
    """Names are escaped; several groups are below each other, inside the picture."""
    one, two = draw([group(1, 2)]), draw([group(1, 2), group(3)])
    root = ElementTree.fromstring(two)
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts[:5] == ["A title", "messages a second on one core", "section", "f<0>", "1,000,000"]
    heights = [int(ElementTree.fromstring(each).get("height")) for each in (one, two)]
    assert heights[0] < heights[1]
    ys = [float(element.get("y")) for element in root.iter(f"{SVG}text")]
    assert ys == sorted(ys)
    assert ys[-1] < heights[1]


def test_colours() -> None:
    """The picture has colours for dark pages, and loads nothing."""
    picture = draw([group(1)])
    assert "@media (prefers-color-scheme: dark)" in picture
    assert picture.count("http") == 1  # the name of the format


def test_a_group_without_rows() -> None:
    """It is left out."""
    assert draw([group(), group(1)]) == draw([group(1)])
