"""Routes and sites: words to canonical names and FHIR."""

from __future__ import annotations

import pytest

from assistant.routes import canonical_route, read_place, route_to_fhir
from assistant.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("p.o.", "oral"), ("by mouth", "oral"), ("i.m.", "intramuscular"), ("IM injection", "intramuscular"),
        ("by intravenous infusion", "intravenous"), ("s/c", "subcutaneous"), ("sub-cut", "subcutaneous"),
        ("deep subcutaneous injection", "deep subcutaneous"), ("intrathecally", "intrathecal"), ("PR", "rectal"),
        ("under the tongue", "sublingual"), ("buccally", "buccal"), ("via a spacer", "inhaled"),
        ("by nebuliser", "nebulised"), ("via NG tube", "nasogastric"), ("via PEG", "gastrostomy"),
        ("intra-articular", "intra-articular"), ("intraosseous", "intraosseous"), ("into the bladder", "intravesical"),
        ("into the vagina", "vaginal"), ("intradermally", "intradermal"), ("epidural", "epidural"), ("telepathic",
        None),
    ],
)  # fmt: skip
def test_canonical(text: str, route: str | None) -> None:
    assert canonical_route(text) == route


@pytest.mark.parametrize(
    ("text", "route", "site"),
    [
        ("in the right eye", "ophthalmic", "right eye"),
        ("into both ears", "otic", "both ears"),
        ("each nostril", "intranasal", "both nostrils"),
        ("into the left upper arm", None, "left upper arm"),
        ("rectal bleeding", None, None),  # no route of giving
        ("in pregnancy", None, None),
    ],
)
def test_sites(text: str, route: str | None, site: str | None) -> None:
    place = read_place(tokenise(text), 0)
    assert (place.route if place else None, place.site if place else None) == (route, site)


def test_capitals_only_beside_small_letters() -> None:
    tokens = tokenise("12 mg IT weekly")
    place = read_place(tokens, 2)
    assert place is not None and place.route == "intrathecal"
    assert read_place(tokenise("GIVE IT WEEKLY"), 1) is None


def test_codes_only_where_certain() -> None:
    coded = route_to_fhir("oral")
    assert coded["coding"] == [{"system": "http://snomed.info/sct", "code": "26643006", "display": "Oral route"}]
    assert route_to_fhir("deep subcutaneous") == {"text": "deep subcutaneous"}
