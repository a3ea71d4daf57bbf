"""CSV files of data from outside: formulas, lone surrogates, names of columns."""

import io

from septet.files.csv_writer import csv_writer


def test_rows():
    """Texts from outside are never formulas, and other columns stay as they are."""
    file = io.BytesIO()
    with csv_writer(file, ("to", "difference", "note"), ("to",)) as write_row:
        write_row({"to": "=1+1", "difference": "-1", "note": None})
        write_row({"to": None, "difference": -2, "note": "a\ud83d\r\n"})
    assert file.getvalue() == (b'to,difference,note\r\n\'=1+1,-1,\r\n,-2,"a\\ud83d\r\n"\r\n')
