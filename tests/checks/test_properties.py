"""Properties of the checker: nothing raises, the same text gives the same bytes anywhere, and time grows with length alone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checker import Checker
from assistant.records import Verdict
from assistant.units import decimal_text
from tests.checks.parallel_guidance import PASSAGES, WRONG, parallel_corpus

ROOT = Path(__file__).resolve().parents[2]
CHECKER = Checker(parallel_corpus())

ROUTES = ("by mouth", "intravenously", "intramuscularly", "subcutaneously")
OFTEN = ("once daily", "twice daily", "three times a day", "every 6 hours", "weekly", "every 2 months", "on alternate days")
UNITS = ("mg", "micrograms", "g", "mL", "units")
DRUGS = ("gabbroxil", "nordine")

doses = st.tuples(
    st.sampled_from(DRUGS),
    st.integers(1, 9999).map(lambda n: decimal_text(Fraction(n, 10))),
    st.sampled_from(UNITS),
    st.sampled_from(ROUTES),
    st.sampled_from(OFTEN),
    st.integers(2, 28),
)


def rendered(dose: tuple[str, str, str, str, str, int]) -> str:
    drug, value, unit, route, often, days = dose
    return f"Give {drug} {value} {unit} {route} {often} for {days} days."


@given(doses)
@settings(max_examples=60, deadline=None)
def test_a_dose_that_was_written_is_read_back(dose: tuple[str, str, str, str, str, int]) -> None:
    text = rendered(dose)
    drug, value, unit, route, often, days = dose
    turned = f"{drug.capitalize()} {value} {unit} is given {route} {often} for {days} days."
    assert CHECKER.audit(turned, text)[0].verdict is Verdict.VERIFIED


# 1.5 g and 1500 mg, or 6-hourly and four times a day, would be the same dose: the values drawn are never equal by conversion
@given(doses, st.integers(0, 5), st.data())
@settings(max_examples=120, deadline=None)
def test_changing_any_one_slot_is_never_verified(
    dose: tuple[str, str, str, str, str, int], slot: int, data: st.DataObject
) -> None:
    others: tuple[tuple[object, ...], ...] = (
        DRUGS,
        tuple(decimal_text(Fraction(dose[1]) * factor) for factor in (10, 2, Fraction(1, 2), Fraction(1, 10))),
        UNITS,
        ROUTES,
        OFTEN,
        tuple(n for n in (dose[5] - 1, dose[5] + 1, dose[5] * 10)),
    )
    other = data.draw(st.sampled_from([value for value in others[slot] if value != dose[slot]]))
    changed = (*dose[:slot], other, *dose[slot + 1 :])
    assert CHECKER.audit(rendered(changed), rendered(dose))[0].verdict is not Verdict.VERIFIED  # type: ignore[arg-type]


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_raises(text: str) -> None:
    for statement in (CHECKER.check_statement(text, passage_ids=("parallel#bands.1",)), *CHECKER.audit(text, text)):
        for claim in statement.claims:
            assert 0 <= claim.start <= claim.end <= max(len(text), 1)


_PIECES = sorted({word for text, _ in PASSAGES.values() for word in text.split()} | {"not", "unless", "no", ";", ",", "are not mg,"})


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=40).map(" ".join), st.sampled_from(sorted(PASSAGES)))
@settings(max_examples=150, deadline=None)
def test_no_mixture_of_the_passages_words_raises(text: str, name: str) -> None:
    CHECKER.check_statement(text, passage_ids=(f"parallel#{name}.1", "parallel#bands.1"))


def test_ten_times_the_text_takes_about_ten_times_as_long() -> None:
    sentence = "Give gabbroxil 500 mg twice daily and nordine 10 mg at night, unless the fictose is below 180 mg/dL. "

    def seconds(count: int) -> float:
        started = time.process_time()
        Checker(parallel_corpus()).audit(sentence * count, "Give gabbroxil 500 mg twice daily.")
        return time.process_time() - started

    seconds(5)
    assert seconds(400) < 40 * max(seconds(40), 0.02)  # quadratic would be 100


@pytest.mark.parametrize("text", ["a" * 1_000_000, "1 mg " * 200_000, "; , and " * 100_000, "(" * 200_000, "not " * 200_000])
def test_a_megabyte_of_one_thing_is_refused_in_seconds(text: str) -> None:
    started = time.process_time()
    CHECKER.check_statement(text, passage_ids=("parallel#bands.1",))
    assert time.process_time() - started < 20


_SCRIPT = """
import hashlib
from assistant.checker import Checker
from tests.checks.parallel_guidance import WRONG, parallel_corpus
checker = Checker(parallel_corpus())
made = hashlib.sha256()
for name, text in WRONG:
    made.update(repr(checker.check_statement(text, passage_ids=(f"parallel#{name}.1",))).encode())
    made.update(repr(checker.audit(text)).encode())
print(made.hexdigest())
"""


def test_the_same_bytes_under_other_hash_seeds_and_locales() -> None:
    found = set()
    for seed, locale in (("0", "C"), ("1", "C.UTF-8"), ("4711", "tr_TR.UTF-8")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "1"}
        run = subprocess.run(
            [sys.executable, "-c", _SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        found.add(run.stdout.strip())
    assert len(found) == 1


def test_the_same_bytes_again_and_again() -> None:
    def digest(checker: Checker) -> str:
        made = hashlib.sha256()
        for name, text in WRONG:
            made.update(repr(checker.check_statement(text, passage_ids=(f"parallel#{name}.1",))).encode())
        return made.hexdigest()

    assert len({digest(CHECKER) for _ in range(5)} | {digest(Checker(parallel_corpus()))}) == 1
