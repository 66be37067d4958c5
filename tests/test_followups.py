"""Suggested questions are answerable, and of another kind than the one just asked."""

from assistant.extractive import ExtractiveWriter
from assistant.followups import MOST, _check, suggest
from assistant.knowledge import know
from assistant.pipeline import FLOOR, answer
from assistant.records import AnswerState, Question, Understanding
from tests.small_guidance import TODAY, VerbatimChecker, WordRetriever, small_corpus

CORPUS = small_corpus()


def suggestions(kind: str) -> tuple[str, ...]:
    meant = Understanding("Examplamol dose in wobble disease?", kind, (), {}, None)
    return suggest(meant, ["wobble"], know(CORPUS), WordRetriever(CORPUS), floor=FLOOR)


def test_each_suggestion_is_really_answered() -> None:
    found = suggestions("dose")
    assert 1 <= len(found) <= MOST
    for text in found:
        given = answer(
            Question(text),
            corpus=CORPUS,
            retriever=WordRetriever(CORPUS),
            fallback=ExtractiveWriter(CORPUS),
            checker=VerbatimChecker(CORPUS),
            today=TODAY,
        )
        assert given.state in {AnswerState.ANSWERED, AnswerState.PARTIAL}, text


def test_the_kind_just_asked_is_not_suggested_again() -> None:
    assert "How should wobble disease be monitored?" in suggestions("dose")
    assert "How should wobble disease be monitored?" not in suggestions("monitoring")


def test_what_cannot_be_answered_is_not_suggested() -> None:
    known, retriever = know(CORPUS), WordRetriever(CORPUS)
    assert not _check("How should purple fever be monitored?", "wobble", known, retriever, floor=FLOOR)
    assert not _check("How should it be monitored?", "wobble", known, retriever, floor=1.1)
    assert _check("How should wobble disease be monitored?", "wobble", known, retriever, floor=FLOOR)
    assert suggest(Understanding("x", "dose", (), {}, None), [], know(CORPUS), WordRetriever(CORPUS), floor=FLOOR) == ()
