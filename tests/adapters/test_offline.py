"""The scripted writer: replies in order, read like a model's, and errors in their turn."""

from __future__ import annotations

import pytest

from assistant.adapters.offline import ScriptedWriter
from assistant.errors import ModelError, ModelTimeout
from assistant.prompts import WriteRequest
from assistant.records import Audience, Passage, Section

PASSAGE = Passage("pain#dosing.1", "pain", Section.DOSING, ("Dosing",), "Give examplamol 1 g.", (), 1)
REQUEST = WriteRequest("Dose?", "Dose of examplamol?", Audience.NURSE, None, passages=(PASSAGE,))


def test_replies_come_in_order_and_then_end() -> None:
    writer = ScriptedWriter(["Give examplamol 1 g [1].", ModelTimeout("slow"), '{"statements": [{"text": "No [4]."}]}'])
    first = writer.write(REQUEST)
    assert [(s.text, s.passage_ids) for s in first.statements] == [("Give examplamol 1 g.", ("pain#dosing.1",))]
    with pytest.raises(ModelTimeout):
        writer.write(REQUEST)
    assert writer.write(REQUEST).statements[0].passage_ids == ("?4",)
    with pytest.raises(ModelError, match="only 3 replies"):
        writer.write(REQUEST)
    assert len(writer.prompts) == 4


def test_a_function_sees_the_prompt() -> None:
    writer = ScriptedWriter(lambda prompt: f"There are {len(prompt.evidence)} pieces [1].", name="counting/1")
    draft = writer.write(REQUEST)
    assert draft.statements[0].text == "There are 1 pieces."
    assert (draft.writer, draft.model) == ("counting/1", "scripted")
