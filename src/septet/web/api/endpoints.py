"""The endpoints of the JSON API, as the application serves them and as OpenAPI describes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ...costing import RateCard
from . import analysis, catalogues, encoding, estimates, transliteration
from .schema import Struct

__all__ = ["ENDPOINTS", "Endpoint"]


class Endpoint(NamedTuple):
    """An endpoint, which answers POST.

    Attributes:
        name: The last part of its path, behind /v1/.
        summary: What it does.
        request: The definition of its request.
        answer: The definition of its answer.
        respond: Returns the answer to a request, with a rate card and the provider of the service.
        example: A request.
    """

    name: str
    summary: str
    request: type[Struct]
    answer: type[Struct]
    respond: Callable[[Any, RateCard | None, str | None], Struct]
    example: dict[str, Any]


# The functions are found when they are called, so that tests can replace them.
ENDPOINTS = (
    Endpoint(
        "analyze",
        "Count and analyze a text",
        analysis.AnalyzeRequest,
        analysis.Analysis,
        lambda request, _, provider: analysis.analyze(request, provider),
        {"text": "it’s 20 €"},
    ),
    Endpoint(
        "check",
        "Check the texts of a message catalogue against limits",
        catalogues.CheckRequest,
        catalogues.CheckAnswer,
        lambda request, _, provider: catalogues.check(request, provider),
        {
            "entries": [
                {"key": "sms.ready", "text": "{name}, your table’s ready", "language": "en"},
                {"key": "sms.code", "text": "Your code is {code}", "field_lengths": {"code": 6}},
            ],
            "encoding": "gsm7",
            "field_lengths": {"name": 30},
        },
    ),
    Endpoint(
        "encode",
        "Encode a text as the user data of its segments",
        encoding.EncodeRequest,
        encoding.EncodeAnswer,
        lambda request, _, provider: encoding.encode(request, provider),
        {"text": "Hi", "reference": 7},
    ),
    Endpoint(
        "estimate",
        "Count and price messages",
        estimates.EstimateRequest,
        estimates.EstimateAnswer,
        lambda request, rates, provider: estimates.estimate(request, rates, provider),
        {"messages": [{"text": "Your code is 123456", "to": "+33612345678"}]},
    ),
    Endpoint(
        "transliterate",
        "Replace characters that are not GSM-7",
        transliteration.TransliterateRequest,
        transliteration.TransliterateAnswer,
        lambda request, _, provider: transliteration.transliterate(request, provider),
        {"text": "it’s ready", "level": "punctuation"},
    ),
)
