"""User data as it is sent: encoding, decoding, reassembly, and the codec "gsm7".

Imports from `rules`, `_kernels`, `display`, `standard` and below; never `rewriting` or `columns`.
"""

from .encoding import EncodedSegment

__all__ = ["EncodedSegment"]
