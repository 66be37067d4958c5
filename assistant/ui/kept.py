"""The answers that stand on screens now, each under a key that cannot be guessed: in memory alone, few, and not for long.

A download or a note about an answer must mean the very answer that was read, not one made anew by a model that may word it
otherwise. Nothing here is written anywhere; a restart forgets it all.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from assistant.records import Answer

MOST = 500
KEPT_S = 3600.0  # as long as a conversation of the chat page


class KeptAnswers:
    """At most ``most`` answers, each for ``seconds``; the oldest goes first. Safe to share between threads."""

    def __init__(
        self, *, most: int = MOST, seconds: float = KEPT_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._answers: OrderedDict[str, tuple[float, Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, answer: Answer) -> str:
        """The key under which the answer can be found again: 128 random bits in letters that an address may hold."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._answers[key] = (self._clock(), answer)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return key

    def find(self, key: str) -> Answer | None:
        """The answer, or None once it has been forgotten."""
        with self._lock:
            since, answer = self._answers.get(key, (0.0, None))
            if answer is not None and self._clock() - since > self._seconds:
                del self._answers[key]
                return None
            return answer
