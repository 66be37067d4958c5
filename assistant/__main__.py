"""The command ``assistant``: one module a command under ``commands/``, each imported only when its name was typed."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from assistant.errors import AssistantError
from assistant.version import VERSION

# name -> (module, one line); the order is that of `assistant --help`
COMMANDS = {
    "ask": ("ask", "answer a question, checked and cited"),
    "replay": ("replay", "make a recorded answer again: the same, or what differs"),
    "check": ("check", "audit any text: every number verified, contradicted, not found or not checkable"),
    "parse": ("parse", "read quantities, doses, effects and negation out of text"),
    "search": ("search", "find passages, or run the retriever over any documents"),
    "index": ("index", "build or refresh the index of the corpus"),
    "serve": ("serve", "start the chat page, the widget and the API"),
    "corpus": ("corpus", "check the corpus files, or count what is in them"),
    "calculate": ("calculate", "a clinical formula or score, with its operands and source"),
    "review": ("review", "the review board: queue, steps, history, accounts, verification of the log"),
    "eval": ("evaluate", "run the eval suite"),
}


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The whole parser; with ``only`` just that command's options are loaded, which keeps start-up short."""
    parser = argparse.ArgumentParser(
        prog="assistant",
        description="Clinical guideline assistant: answers from an open corpus, every number checked in its source",
        epilog="Settings are ASSISTANT_* environment variables (see the README). "
        "`assistant COMMAND --help` shows a command's options.",
    )
    parser.add_argument("--version", action="version", version=f"assistant {VERSION}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, line) in COMMANDS.items():
        if only is None or name == only:
            importlib.import_module(f"assistant.commands.{module}").add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=line, add_help=False)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 the result is negative (a gate missed, a file wrong), 2 the call was not carried out."""
    words = list(sys.argv[1:] if argv is None else argv)
    typed = next((word for word in words if not word.startswith("-")), None)
    parser = build_parser(only=typed if typed in COMMANDS else "")
    args = parser.parse_args(words)
    try:
        run = importlib.import_module(f"assistant.commands.{COMMANDS[args.command][0]}").run
        return int(run(args))
    except AssistantError as error:
        print(f"assistant: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("assistant: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `assistant ... | head`: the reader has left, which is no error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
