"""Files of messages for tests, and all that is read from one."""

from septet.costing import open_source


def write(tmp_path, content, name="campaign.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path, text="body", to=None):
    """Return all texts, all recipients and the source after the last batch."""
    with open_source(path, text, to) as source:
        batches = list(source)
    texts = [row for batch in batches for row in listed(batch.texts)]
    recipients = [row for batch in batches for row in listed(batch.recipients or [])]
    return texts, recipients, source


def listed(column):
    """Return the rows of a column, which is a list, a column of views or an Arrow array."""
    if isinstance(column, list):
        return column
    return column.to_pylist() if hasattr(column, "to_pylist") else column.to_list()
