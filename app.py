"""The chat page: read the settings, build the assistant, serve it. ``make run`` starts this file."""

import os

from assistant import Assistant
from assistant.settings import Settings
from assistant.ui.server import launch
from assistant.wiring import say_progress

if __name__ == "__main__":
    settings = Settings.from_env(os.environ)
    launch(
        Assistant.open(settings, build=True, progress=say_progress),
        host=settings.host,
        port=settings.port,
        origins=settings.origins,
        hosts=settings.hosts,
        base_path=settings.base_path,
        behind_proxy=settings.behind_proxy,
        rate_per_minute=settings.rate_per_minute,
    )
