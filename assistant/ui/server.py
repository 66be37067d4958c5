"""The web server process: binds, announces its address, keeps quiet in the log."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Sequence

from assistant.ui.asking import AssistantFace
from assistant.ui.reviewing import Desk
from assistant.ui.security import check_bind, site_hosts
from assistant.ui.site import History
from assistant.ui.taking import KeepCase

log = logging.getLogger(__name__)

CONNECTIONS = 512  # open at once; a page holds one stream while it waits


def launch(
    assistant: AssistantFace,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    origins: Sequence[str] = (),
    hosts: Sequence[str] = (),
    base_path: str = "",
    behind_proxy: bool = False,
    rate_per_minute: int = 60,
    keep_case: KeepCase | None = None,
    history: History | None = None,
    review: Desk | None = None,
) -> None:
    """Serve until interrupted. SettingsError when ``host`` may not be bound; SystemExit when the port is taken."""
    check_bind(host, behind_proxy=behind_proxy)
    import uvicorn

    from assistant.ui.api import build_app

    ready = threading.Event()
    app = build_app(
        assistant,
        origins=origins,
        hosts=site_hosts(hosts, host),
        base_path=base_path,
        behind_proxy=behind_proxy,
        rate_per_minute=rate_per_minute,
        ready=ready,
        keep_case=keep_case,
        history=history,
        review=review,
    )
    # The page is there at once; the encoder loads, or the index is built, while the first question is being typed.
    threading.Thread(target=_warm, args=(assistant, ready), name="warm", daemon=True).start()
    print(f"Guideline assistant at http://{host}:{port}{base_path}/  (stop with Ctrl+C)", file=sys.stderr, flush=True)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of readers and query strings stay out of the log
        server_header=False,
        proxy_headers=False,  # X-Forwarded-For is read by our own rule, see security.client_address
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=16 * 1024,
        timeout_graceful_shutdown=5,
    )


def _warm(assistant: AssistantFace, ready: threading.Event) -> None:
    try:
        assistant.warm()
    except Exception as error:  # said again, in words, to whoever asks
        log.error("%s while the index was opened", type(error).__name__)
    else:
        ready.set()
        assistant.prepare()
