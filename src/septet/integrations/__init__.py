"""Limits of SMS segments for the texts of web forms and requests.

`MaxSegments` is an annotation for pydantic, msgspec and dataclasses; `septet.integrations.django`
and `septet.integrations.wtforms` make validators and fields of it. Each framework is imported only
by its own module. May import layers 2 to 6.
"""

from __future__ import annotations

from .annotations import check_annotations
from .limits import LimitOptions, LineEnds, MaxSegments
from .violations import Violation

__all__ = ["LimitOptions", "LineEnds", "MaxSegments", "Violation", "check_annotations"]
