"""What may reach the server and what every response carries: hosts, routes, origins, rates, headers; the rules alone.

``guard.Guard`` stands in front of everything, the page framework included, and lets through only what ``ROUTES`` names.
The framework (Gradio 6.31) exposes upload, file, proxy, monitoring, deep-link, run-history, recording and code-editing routes
that the page does not need; whatever it adds in a later release stays shut until it is named here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from assistant.errors import SettingsError
from assistant.ui.limits import TokenBuckets

Scope = MutableMapping[str, Any]
Headers = Mapping[bytes, str]  # names in small letters

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
NAME = r"[A-Za-z0-9_.-]+"

# Method and path below the base path. One pattern a line, with what needs it.
ROUTES: tuple[tuple[str, str], ...] = (
    ("GET HEAD", r"/"),  # the chat page
    ("GET HEAD", r"/policy"),
    ("GET HEAD", rf"/guidance(?:/{NAME})?"),
    ("GET HEAD POST", r"/audit"),
    ("POST", r"/audit/report"),
    ("GET HEAD", r"/calculators"),
    ("GET HEAD POST", rf"/calculators/{NAME}"),
    ("GET HEAD", r"/embed"),
    ("POST", r"/embed/ask"),
    ("GET HEAD", rf"/answers/{NAME}\.(?:md|pdf)"),
    ("POST", rf"/answers/{NAME}/feedback"),
    ("GET HEAD", r"/review(?:/log)?"),  # there only where a review database is
    ("GET HEAD POST", rf"/review/(?:sign-in|topics/{NAME})"),
    ("POST", r"/review/sign-out"),
    ("GET HEAD", r"/widget\.js"),
    ("GET HEAD", rf"/site/(?:{NAME}/)?{NAME}"),  # our style, script, fonts, mark
    ("GET HEAD", r"/favicon\.ico"),
    ("GET HEAD OPTIONS", r"/api/v1/health"),
    ("POST OPTIONS", r"/api/v1/(?:ask|check)"),
    # Gradio: its files, then the four calls by which a page starts, asks, listens and stops
    ("GET HEAD", rf"/(?:assets|static)/(?:{NAME}/)*{NAME}"),
    ("GET", r"/theme\.css|/gradio_api/theme\.css"),
    ("GET", r"/gradio_api/startup-events"),
    ("GET", rf"/gradio_api/heartbeat/{NAME}"),
    ("GET", r"/gradio_api/queue/data"),
    ("POST", r"/gradio_api/queue/join"),
    ("POST", r"/gradio_api/(?:cancel|reset)/?"),
)
COMPILED = tuple((frozenset(methods.split()), re.compile(path)) for methods, path in ROUTES)
LIMITED = re.compile(
    rf"/api/v1/(?:ask|check)|/embed/ask|/answers/{NAME}/feedback|/audit(?:/report)?|/calculators/{NAME}|/gradio_api/queue/join"
    rf"|/review/(?:sign-in|topics/{NAME})"
)
REFUSED_QUERIES = frozenset({"deep_link", "__dev", "share"})


@dataclass(frozen=True)
class Policy:
    """``origins`` may frame ``/embed`` and call the API; ``hosts`` are answered beside loopback (without port)."""

    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    base_path: str = ""
    behind_proxy: bool = False
    buckets: TokenBuckets = field(default_factory=lambda: TokenBuckets(per_minute=60))


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    code: str
    message: str
    retry_after_s: int | None = None


def check_bind(host: str, *, behind_proxy: bool) -> None:
    """SettingsError unless ``host`` is loopback or a proxy with TLS and sign-in is said to stand in front."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        loopback = False  # a name may resolve to any address
    if not loopback and not behind_proxy:
        raise SettingsError(
            "ASSISTANT_HOST",
            f"{host} can be reached from other machines and this server has no sign-in of its own; put a proxy with TLS and "
            "sign-in in front and set ASSISTANT_BEHIND_PROXY=yes, or use 127.0.0.1",
        )


def checked_origins(origins: Iterable[str]) -> tuple[str, ...]:
    """The origins, each ``scheme://host[:port]`` and nothing more; http only for loopback. Else SettingsError."""
    checked = []
    for origin in origins:
        parts = urlsplit(origin)
        plain = re.fullmatch(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?", origin)
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if not plain or (parts.scheme == "http" and not local):
            raise SettingsError("ASSISTANT_ORIGINS", f"{origin!r} is not an origin such as https://intranet.example")
        checked.append(origin)
    return tuple(checked)


def checked_base_path(path: str) -> str:
    """``""`` or ``/guides``: begins with a slash, does not end with one. SettingsError for anything else."""
    trimmed = path.rstrip("/")
    if trimmed and not re.fullmatch(r"(?:/[A-Za-z0-9_-]+)+", trimmed):
        raise SettingsError("ASSISTANT_BASE_PATH", f"{path!r} is not a path such as /guides")
    return trimmed


def content_policy(policy: Policy, path: str, nonce: str) -> str:
    """The Content-Security-Policy of a page below the base path.

    Scripts run from our own files or with the nonce of this very response; injected markup has neither. The chat page
    needs inline styles (its framework sets them on elements); the other pages do not get them.
    """
    framed = " ".join(policy.origins) if path == "/embed" and policy.origins else "'none'"
    styles = "'self' 'unsafe-inline'" if path == "/" else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src {styles}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {framed}",
        )
    )


def headers_for(policy: Policy, path: str, nonce: str) -> list[tuple[bytes, bytes]]:
    """The headers that every response to ``path`` carries, names in small letters."""
    values = {
        "content-security-policy": content_policy(policy, path, nonce),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        # the widget is a script for other sites; nothing else is
        "cross-origin-resource-policy": "cross-origin" if path == "/widget.js" else "same-origin",
    }
    if not (path == "/embed" and policy.origins):
        values["x-frame-options"] = "DENY"
    if not re.match(r"/(?:assets|static|site)/|/widget\.js|/favicon", path):
        values["cache-control"] = "no-store"
    if policy.behind_proxy:
        values["strict-transport-security"] = "max-age=31536000"
    return [(name.encode(), value.encode()) for name, value in values.items()]


def below(path: str, base_path: str) -> str | None:
    """The path below the base path (at least ``/``), or None when it lies elsewhere."""
    if not base_path:
        return path
    if path == base_path:
        return "/"
    return path.removeprefix(base_path) if path.startswith(base_path + "/") else None


def refuse(scope: Scope, path: str | None, policy: Policy) -> Refusal | None:
    """Why a request does not get through, or None: host, route, origin, query and rate, in this order."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    if re.sub(r":\d+$", "", host).lower() not in {*LOOPBACK_HOSTS, *(name.lower() for name in policy.hosts)}:
        return Refusal(400, "unknown_host", "this server does not answer to that host name (ASSISTANT_HOSTS)")
    methods = {m for allowed, pattern in COMPILED if path is not None and pattern.fullmatch(path) for m in allowed}
    if not methods or path is None or ".." in path:
        return Refusal(404, "not_found", "there is nothing here")
    if scope["method"] not in methods:
        return Refusal(405, "method_not_allowed", f"use {', '.join(sorted(methods))}")
    if any(name in REFUSED_QUERIES for name, _ in parse_qsl(scope["query_string"].decode("latin-1"))):
        return Refusal(404, "not_found", "there is nothing here")
    if scope["method"] == "POST":
        if not same_site(headers, host, policy):
            return Refusal(403, "foreign_origin", "requests from that site are not allowed (ASSISTANT_ORIGINS)")
        wait_s = policy.buckets.take(client_address(scope, headers, policy)) if LIMITED.fullmatch(path) else 0
        if wait_s:
            return Refusal(429, "too_many_requests", f"too many questions, try again in {wait_s} s", wait_s)
    return None


def client_address(scope: Scope, headers: Headers, policy: Policy) -> str:
    """The peer; behind a proxy the last address that the proxy itself has appended, which a client cannot choose."""
    forwarded = headers.get(b"x-forwarded-for", "")
    if policy.behind_proxy and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return (scope.get("client") or ("unknown", 0))[0]


def same_site(headers: Headers, host: str, policy: Policy) -> bool:
    """A browser names the page that posts; programs send no Origin. Stands for a CSRF token: there are no cookies."""
    origin = headers.get(b"origin")
    if origin == "null" and headers.get(b"sec-fetch-site") == "same-origin":
        # A form of ours: under "no-referrer" the browser names no origin, but says in a header that no page can set that
        # the form is our own.
        return True
    return origin is None or origin in policy.origins or urlsplit(origin).netloc.lower() == host.lower()


def site_hosts(hosts: Sequence[str], host: str) -> tuple[str, ...]:
    """The names answered to: those configured, and the address bound to unless it means "all"."""
    return (*hosts, *([host] if host not in {"0.0.0.0", "::"} else []))
