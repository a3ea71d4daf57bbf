"""The product that a sender belongs to, as a search shows it.

Source: Bandwidth's OpenAPI description (2026-07-22), `productTypeEnum`. Which product a number
belongs to depends on the account; here, it is the most common one for this form of sender.
"""

from __future__ import annotations

import re

__all__ = ["has_groups", "product_of"]

_TOLL_FREE = re.compile(r"\+18(?:00|33|44|55|66|77|88)[0-9]{7}")


def product_of(sender: str) -> str:
    """Return the product of a sender: a number, a short code or a name."""
    if _TOLL_FREE.fullmatch(sender):
        return "TOLL_FREE"
    if sender.startswith("+") and sender[1:].isdecimal():
        return "LOCAL_A2P"
    return "HOSTED_SHORT_CODE" if sender.isdecimal() else "ALPHA_NUMERIC"


def has_groups(sender: str) -> bool:
    """Return whether a sender can send to groups; Bandwidth offers this for local numbers."""
    return product_of(sender) not in ("TOLL_FREE", "ALPHA_NUMERIC")
