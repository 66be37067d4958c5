"""A chat model behind the pipeline's Writer: one prompt out, one Draft back, or a ModelError within the time limit.

Any LangChain chat model will do. The reply is streamed, so that the limits hold for a server that sends a word a
second; ``write`` reads it as a whole, ``stream`` gives each statement when it is complete. Either way nothing is shown
before the checker has seen it. Neither prompt nor reply is ever logged.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from assistant.errors import ModelError, ModelRefused, ModelTimeout, SettingsError
from assistant.prompts import MAX_REPLY, MAX_STATEMENTS, WriteRequest, build_prompt, parse_reply
from assistant.records import Draft, DraftStatement, Prompt
from assistant.streaming import ReplyReader

log = logging.getLogger(__name__)

# each of these, when true, makes LangChain send prompts and replies to another company
TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
EXTRAS = {"openai": "openai", "anthropic": "anthropic", "ollama": "ollama"}  # provider -> extra of our package


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds; ``first_s`` to the first piece of a reply, ``total_s`` for everything, a retry included."""

    connect_s: float = 3.0
    first_s: float = 10.0
    total_s: float = 20.0
    retries: int = 1
    rest_s: float = 30.0  # how long the breaker leaves a failing model alone
    failures: int = 3  # in a row, before it does


class CircuitBreaker:
    """After ``failures`` in a row nothing is asked for ``rest_s`` seconds; then one call may try."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._until = 0.0

    def check(self) -> None:
        """Raise ModelError while the model is left alone."""
        with self._lock:
            left = self._until - self._clock()
            if left > 0:
                raise ModelError(
                    f"the chat model failed {self._failed} times in a row; it is asked again in {left:.0f} s"
                )
            if self._failed >= self._limits.failures:
                self._until = self._clock() + self._limits.rest_s  # this call tries; others wait for what comes of it

    def note(self, *, is_success: bool) -> None:
        with self._lock:
            self._failed = 0 if is_success else self._failed + 1
            tired = self._failed >= self._limits.failures
            self._until = self._clock() + self._limits.rest_s if tired else 0.0


class _Fault(Exception):
    """A failed call: what to tell, whether another try may help, and after how many seconds."""

    def __init__(self, error: ModelError, *, may_retry: bool = False, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.may_retry, self.wait_s = error, may_retry, wait_s


class ChatWriter:
    """The pipeline's Writer with a LangChain chat model.

    ``needs_end``: a reply without a finish reason was cut. ``mask`` is applied to all that the user wrote, before it
    leaves the machine.
    """

    def __init__(
        self,
        chat: Any,
        *,
        model: str,
        limits: Limits | None = None,
        needs_end: bool = False,
        mask: Callable[[str], str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = "chat/1"
        self.model = model
        self._chat = chat
        self._limits = limits or Limits()
        self._needs_end = needs_end
        self._mask = mask
        self._sleep = sleep
        self._breaker = CircuitBreaker(self._limits)

    def write(self, request: WriteRequest) -> Draft:
        """Ask once, and once more where that may help. Raises ModelError, ModelTimeout or ModelRefused."""
        self._breaker.check()
        prompt = build_prompt(self._masked(request))
        deadline = time.monotonic() + self._limits.total_s
        with self._accounted():
            reply, is_cut = _drained(self._pieces(prompt, _Call(self._chat, prompt), deadline=deadline))
            return parse_reply(reply, evidence=prompt.evidence, writer=self.name, model=self.model, cut=is_cut)

    def stream(self, request: WriteRequest) -> ModelStream:
        """As ``write``, statement by statement. The model is asked at once; what it says waits to be iterated. Another
        try is made only while no statement was given. Raises ModelError at once while the breaker is open."""
        self._breaker.check()
        prompt = build_prompt(self._masked(request))
        call = _Call(self._chat, prompt)
        return ModelStream(lambda stream: self._statements(stream, prompt, call), call)

    def _statements(self, stream: ModelStream, prompt: Prompt, call: _Call) -> Iterator[DraftStatement]:
        reader = ReplyReader(prompt.evidence)
        deadline = call.started + self._limits.total_s
        with self._accounted():
            try:
                pieces = self._pieces(prompt, call, deadline=deadline, may_retry=lambda: not reader.given)
                while True:
                    try:
                        piece = next(pieces)
                    except StopIteration as end:
                        reply, is_cut = end.value
                        break
                    if piece is None:
                        reader = ReplyReader(prompt.evidence)  # the reply begins anew
                    else:
                        yield from reader.feed(piece)
                draft = parse_reply(reply, evidence=prompt.evidence, writer=self.name, model=self.model, cut=is_cut)
            except ModelError:
                stream.draft = Draft(tuple(reader.given), self.name, self.model)
                raise
        left = reader.rest(draft)
        stream.draft = replace(draft, statements=(*reader.given, *left)[:MAX_STATEMENTS])
        yield from stream.draft.statements[len(reader.given) :]

    @contextmanager
    def _accounted(self) -> Iterator[None]:
        """What comes of a call, told to the breaker. A reader who leaves tells nothing about the model."""
        started = time.monotonic()
        try:
            yield
        except ModelRefused:
            self._breaker.note(is_success=True)  # the model is there; it only has nothing to say
            raise
        except ModelError as error:
            self._breaker.note(is_success=False)
            log.warning("chat model %s: %s after %.1f s", self.model, type(error).__name__, time.monotonic() - started)
            raise
        self._breaker.note(is_success=True)

    def _masked(self, request: WriteRequest) -> WriteRequest:
        if self._mask is None:
            return request
        return replace(
            request,
            question=self._mask(request.question),
            understood_as=self._mask(request.understood_as),
            slots={key: self._mask(value) for key, value in request.slots.items()},
            history=tuple(replace(turn, content=self._mask(turn.content)) for turn in request.history),
        )

    def _pieces(
        self, prompt: Prompt, call: _Call, *, deadline: float, may_retry: Callable[[], bool] = lambda: True
    ) -> Generator[str | None, None, tuple[str, bool]]:
        """The pieces of a reply, None before those of another try; returns (reply, was it cut short)."""
        for attempt in range(self._limits.retries + 1):
            try:
                return (yield from self._read(call, deadline=deadline))
            except _Fault as fault:
                wait = fault.wait_s if fault.wait_s is not None else random.uniform(0.1, 0.4)  # jitter
                left = deadline - time.monotonic()
                is_last = attempt == self._limits.retries or not fault.may_retry or not may_retry()
                if is_last or wait + 1.0 > left:
                    raise fault.error from fault.__cause__
                self._sleep(wait)
                yield None
                call = _Call(self._chat, prompt)
        raise AssertionError("the loop above returns or raises")

    def _read(self, call: _Call, *, deadline: float) -> Generator[str, None, tuple[str, bool]]:
        first = min(deadline, call.started + self._limits.first_s)
        parts: list[str] = []
        size = 0
        finish: str | None = None
        try:
            while True:
                until = deadline if parts else first
                try:
                    piece = call.pieces.get(timeout=max(0.0, until - time.monotonic()))
                except queue.Empty:
                    waited = "no complete reply" if parts else "no word"
                    raise _Fault(ModelTimeout(f"the chat model gave {waited} within its time limit")) from None
                if piece is None:
                    break
                if isinstance(piece, Exception):
                    raise _translated(piece) from piece
                text, reason = piece
                finish = reason or finish
                parts.append(text)
                size += len(text)
                yield text
                if size > MAX_REPLY:
                    return "".join(parts), True
        finally:
            call.stop.set()
        return self._complete("".join(parts), finish)

    def _complete(self, reply: str, finish: str | None) -> tuple[str, bool]:
        if finish in {"content_filter", "refusal"}:
            raise _Fault(ModelRefused("the model declined to answer"))
        if finish is None and self._needs_end:
            raise _Fault(ModelError("the chat model's reply broke off"), may_retry=True)
        return reply, finish in {"length", "max_tokens"}


class _Call:
    """One request, begun when it is made; its stream is read in a thread of its own, since a read may hang."""

    def __init__(self, chat: Any, prompt: Prompt) -> None:
        self.started = time.monotonic()
        self.pieces: queue.Queue[Any] = queue.Queue()
        self.stop = threading.Event()
        messages = [("system", prompt.system), ("user", prompt.user)]
        threading.Thread(target=_read_stream, args=(chat, messages, self.pieces, self.stop), daemon=True).start()


class ModelStream:
    """Statements of a reply as they are completed; see ``writing.DraftStream``."""

    def __init__(self, begin: Callable[[ModelStream], Iterator[DraftStatement]], call: _Call) -> None:
        self.draft: Draft | None = None
        self._statements, self._call = begin(self), call

    def __iter__(self) -> Iterator[DraftStatement]:
        return self._statements

    def close(self) -> None:
        self._call.stop.set()
        if isinstance(self._statements, Generator):
            self._statements.close()


def _drained(pieces: Generator[str | None, None, tuple[str, bool]]) -> tuple[str, bool]:
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            reply, is_cut = end.value
            return reply, is_cut


def _read_stream(chat: Any, messages: list[tuple[str, str]], pieces: queue.Queue[Any], stop: threading.Event) -> None:
    """Put (text, finish reason or None) for every piece, then None; or the exception that ended it."""
    try:
        stream = chat.stream(messages)
        for chunk in stream:
            if stop.is_set():
                stream.close()  # closes the connection, so that the server may stop as well
                return
            pieces.put((_text(chunk), _finish(chunk)))
        pieces.put(None)
    except Exception as error:  # whatever a provider's client raises is translated in the caller's thread
        pieces.put(error)


def _text(chunk: Any) -> str:
    content = chunk.content
    if isinstance(content, str):
        return content
    # a list of blocks: text is read, reasoning and tool calls are not part of the answer
    return "".join(
        block.get("text", "") for block in content if isinstance(block, dict) and block.get("type") == "text"
    )


def _finish(chunk: Any) -> str | None:
    metadata = getattr(chunk, "response_metadata", None) or {}
    if (getattr(chunk, "additional_kwargs", None) or {}).get("refusal"):
        return "refusal"
    for key in ("finish_reason", "stop_reason", "done_reason"):
        if metadata.get(key):
            return str(metadata[key])
    return None


def _translated(error: Exception) -> _Fault:
    """A client library's error as ours. The message names the kind and status, never what was sent or a key."""
    kind = type(error).__name__
    status = getattr(error, "status_code", None)
    if "Timeout" in kind:
        return _Fault(ModelTimeout("the chat model did not answer within its time limit"))
    if status == 429:
        return _Fault(ModelError("the chat model is busy (429)"), may_retry=True, wait_s=_retry_after(error))
    if isinstance(status, int) and (status >= 500 or status == 408):
        return _Fault(ModelError(f"the chat model's server failed ({status})"), may_retry=True)
    if status in {401, 403}:
        return _Fault(ModelError(f"the chat model refused the key ({status}); check ASSISTANT_API_KEY"))
    if status == 404:
        return _Fault(
            ModelError("the server knows no such chat model (404); check ASSISTANT_MODEL and ASSISTANT_BASE_URL")
        )
    if isinstance(status, int):
        return _Fault(ModelError(f"the chat model's server refused the request ({status})"))
    if "Connect" in kind or "Protocol" in kind or isinstance(error, ConnectionError):
        return _Fault(ModelError("the chat model cannot be reached or broke off"), may_retry=True)
    return _Fault(ModelError(f"the chat model's reply could not be read ({kind})"), may_retry=True)


def _retry_after(error: Exception) -> float | None:
    """Seconds that the server asks for; None where it names none that can be read."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None


# --------------------------------------------------------------------------- opening


def open_chat_writer(
    *,
    model: str,
    environ: Mapping[str, str],
    provider: str | None = None,
    base_url: str | None = None,
    api_key: str | None = None,
    allow_tracing: bool = False,
    limits: Limits | None = None,
    mask: Callable[[str], str] | None = None,
) -> ChatWriter:
    """A writer with any chat model that LangChain knows; without ``provider`` a ``base_url`` means OpenAI-compatible.

    ModelError, one line, when a package or a key is missing; SettingsError when tracing variables are set.
    """
    refuse_tracing(environ, allow_tracing=allow_tracing)
    limits = limits or Limits()
    provider = provider or ("openai" if base_url else None)
    options: dict[str, Any] = {"model_provider": provider, "temperature": 0}
    if provider in {None, "openai"}:
        import httpx

        options |= {"timeout": httpx.Timeout(limits.total_s, connect=limits.connect_s), "max_retries": 0}
    elif provider == "anthropic":
        options |= {"timeout": limits.total_s, "max_retries": 0}
    elif provider == "ollama":
        options |= {"client_kwargs": {"timeout": limits.total_s}}
    if base_url:
        options["base_url"] = base_url
    if api_key or (base_url and provider == "openai"):
        options["api_key"] = api_key or "none"  # local servers want none, the client wants some
    from langchain.chat_models import init_chat_model

    try:
        chat = init_chat_model(model, **options)
    except ImportError as error:
        extra = EXTRAS.get(provider or "", "openai")
        advice = f"run `pip install 'guideline-assistant[{extra}]'`"
        raise ModelError(f"the chat model {model} needs a package that is not installed; {advice}") from error
    except Exception as error:  # each provider's client has its own way to say that a key or a name is missing
        raise ModelError(f"the chat model {model} cannot be opened: {_first_line(error)}") from error
    return ChatWriter(chat, model=model, limits=limits, needs_end=provider in EXTRAS, mask=mask)


def refuse_tracing(environ: Mapping[str, str], *, allow_tracing: bool) -> None:
    """SettingsError when a variable would send questions to a tracing service and the site has not allowed it."""
    for name in TRACING:
        if not allow_tracing and environ.get(name, "").strip().lower() not in {"", "0", "false", "no", "off"}:
            raise SettingsError(
                name, "would send questions to a tracing service; unset it, or set ASSISTANT_ALLOW_TRACING=1"
            )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
