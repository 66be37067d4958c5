"""Suites about conversation: facts read from turns (``slots``), dialogues under pressure (``conversation``), and the
same question in many words (``consistency``)."""
