"""What an estimate is to count, price and look for: made once, and handed on as one object."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from ...segmentation import Segmenter
from ..rates.card import RateCard
from ..reading.sources import Columns
from ..reading.templates import Template, parse_template

__all__ = ["Job"]

_KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Job:
    """What an estimate is to count, price and look for.

    Attributes:
        segmenter: The rules to count by.
        rates: The card to price by; None to price nothing.
        by: Names of the columns by whose values messages are added up.
        savings: Whether to look for savings.
        template: The template that makes the texts; None if there is a column of them.
        hash_key: The secret key of the hashes by which repeats are found.
    """

    segmenter: Segmenter = field(default_factory=Segmenter)
    rates: RateCard | None = None
    by: tuple[str, ...] = ()
    savings: bool = False
    template: Template | None = None
    hash_key: bytes = field(
        default_factory=lambda: os.urandom(_KEY_BYTES), repr=False, compare=False
    )

    @classmethod
    def of(
        cls,
        segmenter: Segmenter | None,
        rates: RateCard | None,
        by: Sequence[str],
        savings: bool,
        template: Template | str | None,
    ) -> Self:
        """Return the job that the arguments of `estimate` describe.

        Raises:
            ValueError: The template is invalid; see `Template.parse`.
        """
        return cls(segmenter or Segmenter(), rates, tuple(by), savings, parse_template(template))

    def columns(
        self,
        text: str | None,
        to: str | None,
        *,
        template_column: str | None = None,
        keep: bool,
        encoding: str | None = None,
        network: str | None = None,
        sheet: str | None = None,
    ) -> Columns:
        """Return the columns of a source that the job needs.

        Args:
            text: Name of the column of texts; None with a template.
            to: Name of the column of recipients, if there is one.
            template_column: Name of the column of templates, in place of `text`.
            keep: Whether all other columns are needed too.
            encoding: The encoding of text files; None for UTF-8.
            network: Name of the column of networks, if there is one.
            sheet: The sheet of workbooks; None for the first visible one with the columns.

        Raises:
            ValueError: There must be either a column of texts, a template or a column of templates;
                a template without fields needs the column of recipients; the encoding is unknown.
        """
        return Columns(
            text,
            to,
            self.by,
            keep,
            self.template,
            encoding,
            network,
            template_column,
            sheet=sheet,
        )
