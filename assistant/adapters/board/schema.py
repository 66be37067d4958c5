"""Tables of the review database, how they came about (numbered migrations), and how a database is opened.

Migrations are a list of our own: the schema is five small tables, each step is a function, a step and its number are
written in one transaction, and none needs what Alembic adds (branches, downgrades, generated scripts).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from assistant.errors import SettingsError

BUSY_MS = 5_000

METADATA = MetaData()
AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("roles", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("guideline", String(200), nullable=False),
    Column("content", String(80), nullable=False),
    Column("authors", Text, nullable=False),
    Column("expires", String(10), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("comment", String(80), nullable=False),
    Column("previous", String(80), nullable=False, unique=True),  # no row is followed by two
    Column("own", String(80), nullable=False, unique=True),
)
COMMENT = Table(
    "comment",
    METADATA,
    Column("number", Integer, ForeignKey("audit.number"), primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)
COPY = Table("copy", METADATA, Column("content", String(80), primary_key=True), Column("text", Text, nullable=False))
SEAL = Table(
    "seal",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("own", String(80), nullable=False),
)
ACCOUNT = Table(
    "account",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("roles", String(64), nullable=False),
    Column("password", String(200), nullable=False),
    Column("disabled", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Float, nullable=False),  # seconds since 1970, UTC
    Column("changed", String(32), nullable=False),  # another value with each change: ends older sessions
)
MIGRATION = Table(
    "migration",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(64), nullable=False),
    Column("applied", String(32), nullable=False),
)


def _create_tables(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[AUDIT, COMMENT, COPY, SEAL, ACCOUNT])


def _create_guards(connection: Connection) -> None:
    """SQLite refuses to change what must only grow. Elsewhere the database's own rights do that (docs/review.md)."""
    if connection.dialect.name != "sqlite":
        return
    for table in ("audit", "comment", "copy"):
        for verb in ("UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                )
            )
    connection.execute(
        text(
            "CREATE TRIGGER seal_only_rises BEFORE UPDATE ON seal WHEN NEW.number <= OLD.number OR NEW.id <> OLD.id "
            "BEGIN SELECT RAISE(ABORT, 'the seal only rises'); END"
        )
    )
    connection.execute(
        text("CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'the seal stays'); END")
    )


MIGRATIONS: tuple[tuple[str, Callable[[Connection], None]], ...] = (
    ("tables", _create_tables),
    ("guards", _create_guards),
)


def open_database(url: str) -> Engine:
    """The database behind a SQLAlchemy URL, brought up to date. SettingsError when it cannot be used."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address)
    except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
        raise SettingsError("ASSISTANT_REVIEW_DATABASE", f"this database cannot be used: {error}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        migrate(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise SettingsError(
            "ASSISTANT_REVIEW_DATABASE", f"this database cannot be opened ({type(error).__name__})"
        ) from error
    return engine


def writing(engine: Engine) -> Engine:
    """The engine for a transaction that writes: SQLite takes its write lock at once, so that two cannot read the same
    last row; elsewhere the unique ``previous`` lets only one of two through."""
    return engine.execution_options(writes=True)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(engine: Engine, *, upto: int = len(MIGRATIONS)) -> int:
    """Apply what is missing, each step whole or not at all; the number of the last one applied."""
    with writing(engine).begin() as connection:
        MIGRATION.create(connection, checkfirst=True)
    while True:
        with writing(engine).begin() as connection:
            applied = len(connection.execute(select(MIGRATION.c.number)).all())
            if applied > len(MIGRATIONS):
                raise SettingsError(
                    "ASSISTANT_REVIEW_DATABASE",
                    f"the database is of a newer version ({applied} steps, this program knows {len(MIGRATIONS)})",
                )
            if applied >= upto:
                return applied
            name, step = MIGRATIONS[applied]
            step(connection)
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            connection.execute(insert(MIGRATION).values(number=applied + 1, name=name, applied=now))


def is_review_database(engine: Engine) -> bool:
    return inspect(engine).has_table("audit")
