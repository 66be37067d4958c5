"""Local accounts: scrypt passwords, lockout after repeated failures, every change of an account in the audit log."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Row, insert, select, update

from assistant.adapters.board.log import Clock, append, utc_now
from assistant.adapters.board.schema import ACCOUNT, writing
from assistant.errors import InputError
from assistant.review.steps import Person, Role, roles_of

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
LEAST_PASSWORD, MOST_PASSWORD = 12, 200  # characters
FREE_FAILURES = 5  # in a row; the fifth locks
LOCK_S, MOST_LOCK_S = 15 * 60, 4 * 60 * 60  # doubles with every further failure
COST = (15, 8, 3)  # scrypt: log2 N, r, p; 32 MiB and some tenths of a second a try


class SignInRefused(InputError):
    """``code`` is wrong_password (also for a name that does not exist or is disabled) or locked."""


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    roles: frozenset[Role]
    disabled: bool
    failures: int
    locked_until: float  # seconds since 1970; 0: never locked
    changed: str

    @property
    def person(self) -> Person:
        return Person(self.name, self.roles)


def hash_password(password: str, cost: tuple[int, int, int] = COST) -> str:
    """``scrypt$log2N$r$p$salt$hash``, so that the cost can rise later and old hashes still be read."""
    salt = secrets.token_bytes(16)
    parts = (*map(str, cost), b64encode(salt).decode(), b64encode(_scrypt(password, salt, cost)).decode())
    return "$".join(("scrypt", *parts))


def password_fits(password: str, stored: str) -> bool:
    kind, n, r, p, salt, own = stored.split("$")
    if kind != "scrypt":
        return False
    return hmac.compare_digest(_scrypt(password, b64decode(salt), (int(n), int(r), int(p))), b64decode(own))


def _scrypt(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = 1 << cost[0], cost[1], cost[2]
    return hashlib.scrypt(password.encode("utf-8"), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r + 2**20, dklen=32)


class Accounts:
    """``cost`` is for new passwords; tests take a low one."""

    def __init__(self, engine: Engine, *, clock: Clock = utc_now, cost: tuple[int, int, int] = COST) -> None:
        self._engine, self._clock, self._cost = engine, clock, cost
        self._nobody = hash_password(secrets.token_hex(8), cost)  # tried for unknown names: they take as long

    def all(self) -> tuple[Account, ...]:
        with self._engine.connect() as connection:
            return tuple(_account(row) for row in connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.name)))

    def get(self, name: str) -> Account | None:
        with self._engine.connect() as connection:
            row = _row(connection, name)
        return _account(row) if row else None

    def add(self, name: str, roles: Iterable[str], password: str, *, by: Person | None) -> Account:
        """A new account. ``by`` None is allowed for the very first one, which has to be an administrator."""
        wanted = roles_of(roles)
        if not NAME.fullmatch(name):
            raise InputError("bad_name", "a name has small letters, digits and . _ @ - , at most 64 of them")
        _check_password(password, name)
        with writing(self._engine).begin() as connection:
            if by is None:
                if connection.execute(select(ACCOUNT.c.name).limit(1)).first() is not None:
                    raise InputError("no_role", "only the first account may be made without an administrator")
                if Role.ADMINISTRATOR not in wanted:
                    raise InputError("no_role", "the first account has to be an administrator")
            else:
                _must_administer(by)
            if _row(connection, name) is not None:
                raise InputError("name_taken", f"there is an account {name!r} already")
            connection.execute(
                insert(ACCOUNT).values(
                    name=name, roles=_joined(wanted), password=hash_password(password, self._cost), disabled=0,
                    failures=0, locked_until=0.0, changed=self._stamp(),
                )
            )  # fmt: skip
            self._note(connection, by or Person(name, wanted), "user_add", name, f"roles: {_joined(wanted)}")
        found = self.get(name)
        assert found is not None
        return found

    def set_password(self, name: str, password: str, *, by: Person) -> None:
        """One's own, or anybody's for an administrator; it also ends a lock."""
        if by.name != name:
            _must_administer(by)
        _check_password(password, name)
        self._change(
            name, by, "user_password", password=hash_password(password, self._cost), failures=0, locked_until=0.0
        )

    def set_roles(self, name: str, roles: Iterable[str], *, by: Person) -> None:
        _must_administer(by)
        wanted = roles_of(roles)
        self._change(name, by, "user_roles", f"roles: {_joined(wanted)}", roles=_joined(wanted))

    def disable(self, name: str, *, by: Person) -> None:
        """Nobody disables themselves: there would be no administrator left to undo it."""
        _must_administer(by)
        if by.name == name:
            raise InputError("own_account", "an administrator cannot disable their own account")
        self._change(name, by, "user_disable", disabled=1)

    def enable(self, name: str, *, by: Person) -> None:
        _must_administer(by)
        self._change(name, by, "user_enable", disabled=0, failures=0, locked_until=0.0)

    def sign_in(self, name: str, password: str) -> Account:
        """The account; SignInRefused. While a lock lasts no password is tried, not even the right one.

        The failure is counted before the password is tried, under the write lock, so that many tries at once count."""
        now = self._clock().timestamp()
        with writing(self._engine).begin() as connection:
            row = _row(connection, name)
            if row is not None and row.locked_until > now:
                minutes = int((row.locked_until - now) // 60) + 1
                raise SignInRefused("locked", f"too many failures; this account is locked for {minutes} min")
            if row is not None:
                self._count_failure(connection, row, now)
        stored = row.password if row is not None else self._nobody
        if not password_fits(password[:MOST_PASSWORD], stored) or row is None or row.disabled:
            raise SignInRefused("wrong_password", "name and password do not fit")
        with writing(self._engine).begin() as connection:
            connection.execute(update(ACCOUNT).where(ACCOUNT.c.name == name).values(failures=0, locked_until=0.0))
        return _account(row)

    def _count_failure(self, connection: Connection, row: Row[tuple[object, ...]], now: float) -> None:
        failures = int(row.failures) + 1
        over = failures - FREE_FAILURES
        locked = now + min(MOST_LOCK_S, LOCK_S * 2 ** min(over, 10)) if over >= 0 else 0.0
        connection.execute(
            update(ACCOUNT).where(ACCOUNT.c.name == row.name).values(failures=failures, locked_until=locked)
        )

    def _change(self, name: str, by: Person, action: str, detail: str = "", **values: object) -> None:
        with writing(self._engine).begin() as connection:
            changed = connection.execute(
                update(ACCOUNT).where(ACCOUNT.c.name == name).values(changed=self._stamp(), **values)
            )
            if changed.rowcount != 1:
                raise InputError("no_account", f"there is no account {name!r}")
            self._note(connection, by, action, name, detail)

    def _note(self, connection: Connection, by: Person, action: str, subject: str, comment: str) -> None:
        append(
            connection, now=self._clock(), actor=by.name, roles=_joined(by.roles), action=action, subject=subject,
            comment=comment,
        )  # fmt: skip

    @staticmethod
    def _stamp() -> str:
        return secrets.token_hex(16)


def _joined(roles: Iterable[Role]) -> str:
    return ",".join(sorted(role.value for role in roles))


def _row(connection: Connection, name: str) -> Row[tuple[object, ...]] | None:
    return connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name)).first()


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        row.name, roles_of(row.roles.split(",")), bool(row.disabled), row.failures, row.locked_until, row.changed
    )


def _must_administer(by: Person) -> None:
    if Role.ADMINISTRATOR not in by.roles:
        raise InputError("no_role", f"{by.name} is no administrator")


def _check_password(password: str, name: str) -> None:
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise InputError("bad_password", f"a password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters")
    if name in password.lower() or len(set(password)) < 5:
        raise InputError("bad_password", "a password neither holds the name nor repeats a few signs")
