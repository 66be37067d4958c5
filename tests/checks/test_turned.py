"""A sentence turned by one word, one order or one left-out limit is never verified; its rewordings are."""

import pytest

from assistant.checker import Checker
from assistant.records import Verdict
from tests.checks.parallel_guidance import corpus_of
from tests.checks.turned_guidance import RIGHT, TURNED, WRONG

CHECKER = Checker(corpus_of({name: (text, None) for name, text in TURNED.items()}))


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_what_was_turned_is_not_verified(name: str, text: str) -> None:
    assert CHECKER.check_statement(text, passage_ids=(f"parallel#{name}.1",)).verdict is not Verdict.VERIFIED
    assert any(s.verdict is not Verdict.VERIFIED for s in CHECKER.audit(text, source=TURNED[name]))


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_what_was_only_reworded_is_verified(name: str, text: str) -> None:
    checked = CHECKER.check_statement(text, passage_ids=(f"parallel#{name}.1",))
    assert checked.verdict is Verdict.VERIFIED, [claim.reason for claim in checked.claims]
