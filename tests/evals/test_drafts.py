"""The drafts suite: a scripted model's sentence counts as shown only when the pipeline shows it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from evals.drafts import rates, run_drafts, sample
from evals.faults import Variant

RIGHT = Variant("same", False, "Give 1 mg.", "p#d.1", "Give 1 mg.", "")
WRONG = Variant("tenfold", True, "Give 10 mg.", "p#d.1", "Give 1 mg.", "1 -> 10")
FOREIGN = Variant("foreign-citation", True, "Give 1 mg.", "p#d.2", "Give 1 mg.", "p#d.1 -> p#d.2")


class Product:
    """Shows what its writer drafts: everything (``trusting``), or only what stands in passage p#d.1."""

    def __init__(self, trusting: bool) -> None:
        self.trusting = trusting
        self.writer: Any = None
        self.questions: list[str] = []

    def ask(self, question: str) -> SimpleNamespace:
        self.questions.append(question)
        drafted = self.writer.write(None).statements
        shown = [
            SimpleNamespace(text=s.text, passage=s.passage_ids[0] if self.trusting else "p#d.1")
            for s in drafted
            if self.trusting or s.text == "Give 1 mg."
        ]
        return SimpleNamespace(statements=shown, state=SimpleNamespace(value="withheld"), withheld=())


def test_a_trusting_product_is_found_out() -> None:
    found = rates(run_drafts([RIGHT, WRONG, FOREIGN], Product(trusting=True)))
    assert (found["wrong draft not shown"].passed, found["wrong draft not shown"].total) == (0, 2)
    assert found["true draft shown"].value == 1


def test_a_careful_product_passes_and_gets_its_writer_back() -> None:
    product = Product(trusting=False)
    drafted = run_drafts([RIGHT, WRONG, FOREIGN], product)
    assert [d.verdict for d in drafted] == ["verified", "withheld", "withheld"]
    assert rates(drafted)["wrong draft not shown"].value == 1
    assert product.writer is None
    assert product.questions == ["Give 1 mg."] * 3  # asked with the true statement, so that its passage is found


def test_an_exception_of_the_pipeline_is_no_pass_for_a_true_draft() -> None:
    product = SimpleNamespace(writer=None, ask=lambda question: 1 / 0)
    drafted = run_drafts([RIGHT], product)
    assert drafted[0].verdict == "error: ZeroDivisionError"
    assert rates(drafted)["true draft shown"].value == 0


def test_the_sample_spreads_over_each_kind() -> None:
    many = [Variant("tenfold", True, f"Give {n}0 mg.", "p#d.1", "", "") for n in range(100)]
    by_hand = [Variant("by-hand", True, "x", "p#d.1|p#d.2", "", "")]
    chosen = sample([*many, WRONG, RIGHT, *by_hand], per_kind=4)
    assert [v.text for v in chosen if v.kind == "tenfold"] == [
        "Give 00 mg.",
        "Give 250 mg.",
        "Give 500 mg.",
        "Give 750 mg.",
    ]
    assert RIGHT in chosen and by_hand[0] not in chosen
