
"""Owns the phrases of dosing instructions: verbs, "as needed", steps, refusals, comparators, ceilings aside."""

from __future__ import annotations

from assistant.records import Comparator

VERBS = {
    "take": "oral", "takes": "oral", "taken": None, "taking": None, "swallow": "oral", "chew": "oral", "drink": "oral",
    "give": None, "given": None, "giving": None, "administer": None, "administered": None, "use": None, "used": None,
    "inject": None, "injected": None, "inhale": "inhaled", "inhaled": None, "apply": None, "applied": None,
    "insert": None, "inserted": None, "instil": None, "instill": None, "instilled": None, "infuse": None,
    "infused": None, "place": None, "placed": None, "put": None, "spray": None, "sprayed": None, "rub": None,
    "suck": "oral", "sucked": "oral", "dissolve": None, "dissolved": None, "start": None, "started": None,
    "commence": None, "prescribe": None, "prescribed": None, "receive": None, "receives": None, "received": None,
    "irrigate": None, "swish": None, "gargle": None, "spread": None, "wear": None, "rinse": None, "continue": None,
    "repeat": None, "repeated": None, "offer": None, "treat": None, "treated": None, "replace": None, "initiate": None,
    "load": None, "dose": None, "dosed": None, "supplement": None, "administering": None, "chewed": None,
    "swallowed": None, "nebulise": "nebulised", "nebulize": "nebulised", "massage": None, "injections": None,
    "tome": "oral", "maintain": None, "titrate": None, "add": None, "mix": None, "mixed": None, "dilute": None,
    "diluted": None,
    "reconstitute": None, "make": None, "change": None, "changed": None, "wash": None, "soak": None, "cover": None, "run": None,
}  # fmt: skip
PREPARING = frozenset({"add", "mix", "mixed", "dilute", "diluted", "reconstitute", "make", "dissolve", "dissolved"})
# verbs whose bare use ("use bid as needed") already is an instruction to a patient
STRONG_VERBS = frozenset(
    """take give inject inhale apply insert instil instill infuse place put spray use swallow chew
    change administer irrigate swish gargle rub suck taken applied injected inhaled inserted instilled administered
    given
    infused used""".split()
)


_PRN = ("prn", "as needed", "as required", "when required", "when needed", "if needed", "if required", "if necessary",
        "when necessary", "as necessary", "on demand", "only if needed", "only when needed", "only if required",
        "only when required", "whenever needed", "whenever required", "if and when required", "only when necessary",
        "as and when required", "as and when needed", "as and when", "sos", "as req", "if req", "as req'd",
        "when req", "only if necessary", "where necessary", "where needed", "as requested")  # fmt: skip
_SEPARATORS = ("and then decrease to", "then decrease to", "then increase to", "then reduce to", "then reducing to",
               "and then", "and than", "then", "followed by", "thereafter", "after that", "subsequently", "afterwards",
               "reducing to", "reduced to", "reduce to", "decreasing to", "decrease to", "decreased to",
               "increasing to",
               "increased to", "increase to", "tapering to", "tapered to", "before reducing to", "changing to",
               "dropping to", "and thereafter", "switching to", "followed thereafter by", "before increasing to",
               "and afterwards", "stepping down to",
               *(f"{change} {how} to" for change in ("increased", "increasing", "increase", "then increase", "reduced",
                                                    "reducing", "then increased", "adjusted")
                 for how in ("if necessary", "if needed", "if required", "gradually", "slowly", "as tolerated",
                             "if tolerated", "according to response", "up")))  # fmt: skip
DELTAS = frozenset(
    "reduce reducing reduced decrease decreasing decreased increase increasing increased taper tapering "
    "titrate titrated increments".split()
)
_INSTRUCTIONS = (
    "between meals",
    "as directed by your doctor", "as directed by the doctor", "as directed", "as instructed", "as advised", "uad",
    "as dir", "ud", "use as directed", "as before", "as per instructions", "on an empty stomach", "on empty stomach",
    "well diluted in water", "diluted in water", "with plenty of water", "with a full glass of water",
    "with a glass of water", "with water", "with milk", "or milk", "swallow whole",
    "swallowed whole", "to be swallowed whole", "swallowed whole with water", "do not crush or chew",
    "without crushing or chewing", "sparingly", "thinly", "shake well", "with food", "with or without food",
    "dissolved in water",
    "in water", "liberally", "generously", "a thin layer", "thin layer", "a small amount", "as per protocol",
    "continuous infusion", "by continuous infusion", "continuously", "as a bolus", "slowly", "as a single bolus",
    "with a snack", "follow package directions", "follow tablet pack instructions", "rinse mouth with water after use",
    "as per package instructions", "with fluids", "with juice", "lifelong", "for life", "indefinitely", "long term",
    "long-term", "do not chew", "do not crush", "do not swallow", "at the same time each day", "as discussed",
    "to be taken as directed", "use as directed by your doctor", "on dose pack", "regularly", "at first sign",
    "before exercise", "prior to exercise", "immediately", "with a drink", "with meals or snacks", "bolus",
    "bolus dose",
    "rapid bolus", "tonight", "today", "now", "tomorrow", "while awake", "when awake", "at once", "straight away",
    "as bolus", "as an infusion", "slow bolus", "without food", "with or after food or milk", "at the same time",
)  # fmt: skip
# "before" cues deny the giving that follows; "after" cues also the dose that stands before them
_NEGATIONS = ("do not", "don't", "dont", "never", "avoid", "shouldn't", "mustn't", "shall not", "stop", "discontinue",
              "withhold", "should not", "must not", "not to be", "stopped", "may not", "not give",
              "not use")  # fmt: skip
_DENIALS = ("should not be", "must not be", "contraindicated", "not recommended", "should be avoided",
"must be avoided",
            "be avoided", "cannot be recommended", "not be", "not advised", "not to be used", "not to be given",
            "not indicated", "not appropriate", "not licensed")  # fmt: skip
_ASIDES = (
    "remove",
    "removed",
    "removing",
    "as good as",
    "as effective as",
    "the alternative to",
    "alternative to",
    "alternatives to",
    "similar to",
    "much like",
    "equivalent to",
    "non-inferior to",
    "differ from",
    "than",
    "instead of",
    "rather than",
    "as opposed to",
    "compared with",
    "compared to",
    "versus",
    "vs",
    "replacing",
)
_KEEP_GIVING = ("do not stop", "do not delay", "do not discontinue", "do not withhold", "should not be stopped",
                "should not be delayed", "must not be stopped", "must not be delayed", "should not be withheld",
                "do not reduce", "do not miss", "do not skip", "never stop", "must not be missed")  # fmt: skip
PHASES = {
    "loading": "loading", "initially": "loading", "initial": "loading", "induction": "loading",
    "maintenance": "maintenance",
    "thereafter": "maintenance", "maintain": "maintenance",
}  # fmt: skip
_COMPARATORS = (
    ("up to", Comparator.AT_MOST), ("at least", Comparator.AT_LEAST), ("a minimum of", Comparator.AT_LEAST),
    ("minimum of", Comparator.AT_LEAST), ("not less than", Comparator.AT_LEAST), ("no less than", Comparator.AT_LEAST),
    ("more than", Comparator.MORE), ("greater than", Comparator.MORE), ("above", Comparator.MORE),
    ("exceeding", Comparator.MORE), ("less than", Comparator.LESS), ("below", Comparator.LESS), (">", Comparator.MORE),
    ("<", Comparator.LESS), 
    ("> =", Comparator.AT_LEAST), ("< =", Comparator.AT_MOST), ("≥", Comparator.AT_LEAST), ("≤", Comparator.AT_MOST),
    ("about", Comparator.ABOUT),
    ("approximately", Comparator.ABOUT), ("around", Comparator.ABOUT), ("over", Comparator.MORE),
    ("roughly", Comparator.ABOUT), ("~", Comparator.ABOUT), ("higher than", Comparator.MORE),
    ("lower than", Comparator.LESS), ("in excess of", Comparator.MORE),
)  # fmt: skip


def _by_first(phrases: tuple[str, ...]) -> dict[str, list[list[str]]]:
    table: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases, key=lambda words: -len(words.split(" "))):
        words = [piece for piece in phrase.replace("-", " - ").split(" ") if piece]
        table.setdefault(words[0], []).append(words)
    return table


PRN_BY = _by_first(_PRN)
SEPARATORS_BY = _by_first(_SEPARATORS)
INSTRUCTIONS_BY = _by_first(_INSTRUCTIONS)
NEGATIONS_BY = _by_first(_NEGATIONS)
DENIALS_BY = _by_first(_DENIALS)
ASIDES_BY = _by_first(_ASIDES)
KEEP_BY = _by_first(_KEEP_GIVING)
COMPARATORS_BY = _by_first(tuple(words for words, _ in _COMPARATORS))
COMPARATOR_OF = dict(_COMPARATORS)

# words that say nothing of their own between the pieces of an instruction
FILLER = frozenset(
    """the to be a an of as total dose doses it its event occurs at on in by and or with per please is are
    that this from for after before times time route then each once strength oral your you use only more so if day
    should must may can has have need maintenance loading initial course treatment therapy starting start
    rate""".split()
)
