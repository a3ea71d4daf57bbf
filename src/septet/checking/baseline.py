"""A baseline: the findings that were there when checking began, which are not reported again."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..exceptions import SourceError
from ..files.whole_files import text_of, whole_file
from .findings import Finding

__all__ = ["Baseline"]

_VERSION = 1
_Key = tuple[str, str, str]


class Baseline:
    """Old findings, by path, key and language, with what each text took.

    Attributes:
        amounts: What the text of each finding takes, by the name of the exceeded limit.
    """

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        """Make a baseline of findings.

        Args:
            findings: The findings.
        """
        self.amounts: dict[_Key, dict[str, int | str]] = {}
        for each in findings:
            amounts = self.amounts.setdefault(_key(each), {})
            for limit, actual, _ in each.exceeded_limits:
                amounts[limit] = max(actual, amounts.get(limit, actual), key=_size)

    @classmethod
    def read(cls, path: str) -> Baseline:
        """Read a baseline that `write` wrote.

        Args:
            path: The file.

        Raises:
            OSError: The file cannot be read.
            SourceError: It is not a baseline.
        """
        baseline = cls()
        try:
            with open(path, encoding="utf-8") as file:
                content = json.load(file)
            if content["version"] != _VERSION:
                raise ValueError
            for each in content["findings"]:
                key = str(each["path"]), str(each["key"]), str(each["language"] or "")
                baseline.amounts[key] = dict(each["amounts"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise SourceError(f"{path}: not a baseline that septet check wrote") from None
        return baseline

    def write(self, path: str) -> None:
        """Write the baseline to a JSON file, in an order that does not change.

        Args:
            path: The file.

        Raises:
            OSError: The file cannot be written.
        """
        findings = [
            {"path": place, "key": key, "language": language or None, "amounts": amounts}
            for (place, key, language), amounts in sorted(self.amounts.items())
        ]
        with whole_file(path) as file, text_of(file) as text:
            json.dump({"version": _VERSION, "findings": findings}, text, indent=1)
            text.write("\n")

    def has(self, finding: Finding) -> bool:
        """Return whether a finding is old: the text took as much, or more, when it was written."""
        amounts = self.amounts.get(_key(finding), {})
        return all(
            limit in amounts and _size(actual) <= _size(amounts[limit])
            for limit, actual, _ in finding.exceeded_limits
        )


def _key(finding: Finding) -> _Key:
    return finding.path, finding.key, finding.language or ""


def _size(amount: object) -> int:
    """Return an amount as a number; all encodings that are reported are the same."""
    return amount if isinstance(amount, int) else 0
