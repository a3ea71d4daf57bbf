"""septet knows what an SMS will be billed before it is sent.

The face of the package: everything public is named here, nothing is done here. Counting needs no
other package and loads none; reading files, pricing them and the command line are rooms of their
own (`septet.costing`, `septet.cli`), loaded when asked for.
"""

from ._kernels import IMPLEMENTATION
from .encoding import Encoding, Language
from .exceptions import (
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
    Blocker,
    Segment,
    Segmenter,
    analyze,
    analyze_many,
    count,
    count_many,
    split,
)

__version__ = "0.1.0"

__all__ = [
    "IMPLEMENTATION",
    "Analysis",
    "Blocker",
    "Encoding",
    "EncodingError",
    "Language",
    "MissingExtraError",
    "RateCardError",
    "Segment",
    "SegmentLimitError",
    "Segmenter",
    "SeptetError",
    "SourceError",
    "UserDataHeaderError",
    "__version__",
    "analyze",
    "analyze_many",
    "count",
    "count_many",
    "split",
]
