"""Messages that look wrongly decoded are counted, in columns of any kind and under any rules."""

import pytest

from septet import Segmenter
from septet.columns.surveys import survey_column
from septet.costing import Batch, Estimate
from septet.costing.insights.wrongly_decoded import count_wrongly_decoded
from septet.rewriting.wrong_decoding import undo_wrong_decoding

TEXTS = [
    "plain",
    "Â¿Apoya?",
    None,
    "",
    "JOSÉ’S café…",
    "Ð¿Ñ€Ð¸ Ð¿Ñ€Ð¸",
    "Ã",  # with the next row, its bytes would match
    "©",
    "maÅ‚a",
    "ends with Ã©",
    "😀 Ã©",
    "Привет",
    "a\ud83d Ã©",  # Arrow has no lone surrogates
]
WRONG = ["Â¿Apoya?", "Ð¿Ñ€Ð¸ Ð¿Ñ€Ð¸", "maÅ‚a", "ends with Ã©", "😀 Ã©", TEXTS[-1]]


def test_the_texts() -> None:
    """Those that count are those that `undo_wrong_decoding` finds."""
    assert [text for text in TEXTS if text and undo_wrong_decoding(text)] == WRONG


@pytest.mark.parametrize("options", [{}, {"encoding": "ucs2"}, {"reference_bits": 16}])
def test_columns_of_any_kind(implementations, options) -> None:
    """Lists and Arrow arrays of every layout, sliced and in chunks."""
    pa = pytest.importorskip("pyarrow")
    valid = TEXTS[:-1]
    for implementation in implementations.values():
        segmenter = implementation.Segmenter(**options)
        columns = [
            valid,
            pa.array(["Ã©", *valid]).slice(1),
            pa.chunked_array([valid[:2], valid[2:]]),
        ]
        columns += [pa.array(valid, kind()) for kind in (pa.large_string, pa.string_view)]
        for column in columns:
            survey = survey_column(segmenter.kernel, column)
            assert count_wrongly_decoded(survey, None) == len(WRONG) - 1
        assert count_wrongly_decoded(survey_column(segmenter.kernel, TEXTS), None) == len(WRONG)


@pytest.mark.parametrize("options", [{}, {"encoding": "ucs2"}, {"reference_bits": 16}])
def test_estimates(options) -> None:
    """Batches add up, also if UCS-2 is forced."""
    estimate = Estimate(Segmenter(**options))
    for column in (TEXTS, ["plain"], TEXTS):
        estimate.add(Batch(column))
    assert estimate.wrongly_decoded == 2 * len(WRONG)


def test_a_text_that_begins_where_another_ends() -> None:
    """The last bytes of a row and the first of the next one are no sequence."""
    pa = pytest.importorskip("pyarrow")
    for texts in (["жÃ", "©ж"] * 3, ["Ã", "©", "Ã©"]):
        survey = survey_column(Segmenter().kernel, pa.array(texts))
        assert count_wrongly_decoded(survey, {"Ã"}) == texts.count("Ã©")


def test_nothing_is_read_without_such_characters() -> None:
    """Texts in other scripts are not looked at."""
    survey = survey_column(Segmenter().kernel, ["Ã©"])
    assert count_wrongly_decoded(survey, {"ж"}) == 0
    assert count_wrongly_decoded(survey, {"ж", "Ã"}) == 1
    assert count_wrongly_decoded(survey, None) == 1


def test_the_figure_adds_up_and_is_written() -> None:
    """In sums, JSON and pickles; files of before it count none."""
    estimate = Estimate()
    estimate.add(Batch(["Ã©", "é"]))
    both = estimate + Estimate.from_dict(estimate.to_dict())
    assert both.wrongly_decoded == 2
    values = both.to_dict()
    assert values["wrongly_decoded"] == {"count": 2}
    del values["wrongly_decoded"]
    assert Estimate.from_dict(values).wrongly_decoded == 0
