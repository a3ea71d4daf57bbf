"""The JSON API: one module for each subject, with its definitions and the function that answers.

`schema` reads requests and writes answers, `problems` finds the reason why a request is refused,
and `rules` has the rules that most requests share.
"""

from __future__ import annotations
