"""septet reports how an SMS will be billed before it is sent.

The public names of the core are here. Counting needs no other package and loads none; names that
need more are loaded on first use, and `septet.costing`, `septet.bandwidth`, `septet.frames` and the
command line are packages of their own. The codecs "gsm7" and "gsm7-packed" are registered here. May
import layers 2 to 6 of docs/architecture.md.
"""

from __future__ import annotations

from codecs import register as _register_codecs

from ._kernels import IMPLEMENTATION
from .exceptions import (
    DecodingError,
    EncodingError,
    MissingExtraError,
    RateCardError,
    SegmentLimitError,
    SeptetError,
    SourceError,
    UserDataHeaderError,
)
from .segmentation import (
    Analysis,
    NonGsmCharacter,
    Rules,
    Segment,
    Segmenter,
    advise,
    analyze,
    analyze_many,
    count,
    count_many,
    encode,
    split,
    transliterate,
    transliterate_many,
    truncate,
)
from .standard.characters import UNICODE_VERSION
from .standard.encoding import Encoding, Language
from .wire.encoding import EncodedSegment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codecs import CodecInfo

    from . import rcs
    from .columns.column_types import AnalysisColumns, Column, EncodingColumn
    from .columns.rewriting import TextColumn
    from .rewriting.advice import Advice
    from .rules.providers import ExceededLimit, Provider, ProviderRule, provider_names
    from .rules.records import Replacement, Transliteration
    from .standard.user_data_header import InformationElement
    from .wire.decoding import decode
    from .wire.reassembly import Reassembler, UnfinishedText

__version__ = "0.1.0"

__all__ = [
    "IMPLEMENTATION",
    "UNICODE_VERSION",
    "Advice",
    "Analysis",
    "AnalysisColumns",
    "Column",
    "DecodingError",
    "EncodedSegment",
    "Encoding",
    "EncodingColumn",
    "EncodingError",
    "ExceededLimit",
    "InformationElement",
    "Language",
    "MissingExtraError",
    "NonGsmCharacter",
    "Provider",
    "ProviderRule",
    "RateCardError",
    "Reassembler",
    "Replacement",
    "Rules",
    "Segment",
    "SegmentLimitError",
    "Segmenter",
    "SeptetError",
    "SourceError",
    "TextColumn",
    "Transliteration",
    "UnfinishedText",
    "UserDataHeaderError",
    "__version__",
    "advise",
    "analyze",
    "analyze_many",
    "count",
    "count_many",
    "decode",
    "encode",
    "provider_names",
    "rcs",
    "split",
    "transliterate",
    "transliterate_many",
    "truncate",
]

_LOADED_ON_FIRST_USE = {
    "Advice": "rewriting.advice",
    "AnalysisColumns": "columns.column_types",
    "Column": "columns.column_types",
    "EncodingColumn": "columns.column_types",
    "ExceededLimit": "rules.providers",
    "InformationElement": "standard.user_data_header",
    "Provider": "rules.providers",
    "ProviderRule": "rules.providers",
    "Reassembler": "wire.reassembly",
    "Replacement": "rules.records",
    "TextColumn": "columns.rewriting",
    "Transliteration": "rules.records",
    "UnfinishedText": "wire.reassembly",
    "decode": "wire.decoding",
    "provider_names": "rules.providers",
    "rcs": "rcs",
}


def __getattr__(name: str) -> object:
    if name not in _LOADED_ON_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"{__name__}.{_LOADED_ON_FIRST_USE[name]}")
    value = globals()[name] = vars(module).get(name, module)  # `rcs` is a module itself
    return value


def __dir__() -> list[str]:
    return [*globals(), *_LOADED_ON_FIRST_USE]


def _find_codec(name: str) -> CodecInfo | None:
    if not name.startswith("gsm"):
        return None
    from .wire.codec import find_codec

    return find_codec(name)


_register_codecs(_find_codec)
