"""The base of every refusal. Each refusal itself sits beside the rule that raises it."""

from __future__ import annotations


class Refusal(Exception):
    """What cannot be true. Its text is one sentence, with the numbers, for the person at the bench."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""
