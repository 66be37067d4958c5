"""Sessions of the review pages, in memory: a restart signs everybody out. Only a hash of each token is kept."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

IDLE_S, WHOLE_S = 30 * 60, 8 * 60 * 60
MOST = 2_000  # sessions at once, those of people who only look at the sign-in form included


@dataclass(slots=True)
class Session:
    """``name`` is "" before sign-in. ``changed`` is the account's state at sign-in: a new password ends the session."""

    csrf: str
    began: float
    seen: float
    name: str = ""
    changed: str = ""

    def fits(self, token: str) -> bool:
        return hmac.compare_digest(self.csrf.encode(), token.encode("utf-8", "replace"))


class Sessions:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str = "", changed: str = "") -> tuple[str, Session]:
        """A new session and the token that goes into the cookie; always new at sign-in, so none can be foisted."""
        token, now = secrets.token_urlsafe(32), self._clock()
        session = Session(secrets.token_urlsafe(32), now, now, name, changed)
        with self._lock:
            self._held[_key(token)] = session
            while len(self._held) > MOST:
                # those who have not signed in go first: a flood of visitors signs nobody out
                idle = next((key for key, held in self._held.items() if not held.name), next(iter(self._held)))
                del self._held[idle]
        return token, session

    def find(self, token: str) -> Session | None:
        now = self._clock()
        with self._lock:
            session = self._held.get(_key(token))
            if session is None:
                return None
            if now - session.seen > IDLE_S or now - session.began > WHOLE_S:
                del self._held[_key(token)]
                return None
            session.seen = now
            return session

    def end(self, token: str) -> None:
        with self._lock:
            self._held.pop(_key(token), None)


def _key(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
