"""``assistant serve``: the chat page, the widget and the API on one port."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.commands.common import environment_settings
from assistant.errors import SettingsError
from assistant.history import Revision
from assistant.records import Corpus
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.ui.reviewing import Desk
    from assistant.wiring import Assistant


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "serve",
        help="start the chat page, the widget and the API",
        description="Serve the chat page at /, the embedded chat at /embed and the API at /api/v1; "
        "builds the index if needed.",
    )
    parser.add_argument("--host", help="address to bind (default ASSISTANT_HOST or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to bind (default ASSISTANT_PORT or 7860)")
    parser.add_argument("--base-path", help="public path behind a proxy that does not strip it, such as /guides")
    parser.add_argument(
        "--origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a site that may frame /embed, e.g. https://intranet.example",
    )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped. SettingsError before anything is loaded when the address may not be bound."""
    settings = environment_settings()
    wanted = {"host": args.host, "port": args.port, "base_path": args.base_path, "origins": tuple(args.origin)}
    settings = replace(settings, **{name: value for name, value in wanted.items() if value})
    serve(settings)
    return 0


def serve(settings: Settings) -> None:
    """Serve what ``settings`` say until stopped; ``app.py`` calls it too."""
    from assistant.ui.security import check_bind, checked_base_path, checked_origins

    check_bind(settings.host, behind_proxy=settings.behind_proxy)
    checked_base_path(settings.base_path)
    checked_origins(settings.origins)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    # other libraries' requests and addresses are none of our log's business
    for name in ("httpx", "httpcore", "chromadb", "sentence_transformers", "urllib3", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)

    from assistant.adapters.case_files import CaseFiles
    from assistant.ui.server import launch
    from assistant.wiring import Assistant, say_progress

    assistant = Assistant.open(settings, build=True, progress=say_progress)
    launch(
        assistant,
        host=settings.host,
        port=settings.port,
        origins=settings.origins,
        hosts=settings.hosts,
        base_path=settings.base_path,
        behind_proxy=settings.behind_proxy,
        rate_per_minute=settings.rate_per_minute,
        history=_history(settings, assistant.corpus),
        review=_desk(settings, assistant),
        keep_case=CaseFiles(settings.feedback).write if settings.feedback else None,
    )


def _desk(settings: Settings, assistant: Assistant) -> Desk | None:
    """The review board's pages where there is a board. SettingsError for a header without a proxy to believe it from."""
    if settings.review_header and not settings.review_proxies:
        raise SettingsError(
            "ASSISTANT_REVIEW_HEADER", "say in ASSISTANT_REVIEW_PROXIES from which address it is believed"
        )
    if not settings.has_review:
        return None
    from assistant.ui.reviewing import Desk

    return Desk(assistant.board, assistant.findings, settings.review_header or "", settings.review_proxies)


def _history(settings: Settings, corpus: Corpus) -> Callable[[str], tuple[Revision, ...]]:
    """The versions of a guideline that this installation has held; those that are new are written down first."""
    from assistant.adapters.snapshots import Snapshots
    from assistant.history import revisions

    held = Snapshots(settings.data / "history")
    try:
        texts = {g.id: (settings.corpus / g.path).read_text(encoding="utf-8") for g in corpus.guidelines.values()}
        held.record(corpus, texts, today=date.today())
    except OSError as error:  # a read-only disk: articles then say that no version is held
        logging.getLogger(__name__).warning("the versions of the guidance cannot be written: %s", type(error).__name__)
    return lambda guideline_id: revisions(held.of(guideline_id))
