"""The chat page: read the settings, build the assistant, serve it. ``make run`` starts this file."""

import os
import sys

from assistant.commands.serve import serve
from assistant.errors import AssistantError
from assistant.settings import Settings

if __name__ == "__main__":
    try:
        serve(Settings.from_env(os.environ))
    except AssistantError as error:  # a wrong setting or a corpus that does not load: one line, not a stack trace
        sys.exit(f"app.py: {error}")
