"""Writers that need no model and no network: scripted replies, read by the same parser as a model's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.errors import ModelError
from assistant.prompts import WriteRequest, build_prompt, parse_reply
from assistant.records import Draft, Prompt


class ScriptedWriter:
    """Gives the replies of a list, in order, or what a function makes of the prompt; for tests and replays.

    An exception in the list is raised in its turn. ModelError when the list is used up. ``prompts`` keeps what was
    asked, so that a test can read what would have been sent.
    """

    def __init__(
        self, replies: Sequence[str | Exception] | Callable[[Prompt], str], *, name: str = "scripted/1"
    ) -> None:
        self.name = name
        self.prompts: list[Prompt] = []
        self._replies = replies

    def write(self, request: WriteRequest) -> Draft:
        prompt = build_prompt(request)
        self.prompts.append(prompt)
        if callable(self._replies):
            reply: str | Exception = self._replies(prompt)
        elif len(self.prompts) <= len(self._replies):
            reply = self._replies[len(self.prompts) - 1]
        else:
            raise ModelError(f"the script has only {len(self._replies)} replies")
        if isinstance(reply, Exception):
            raise reply
        return parse_reply(reply, evidence=prompt.evidence, writer=self.name, model="scripted")
