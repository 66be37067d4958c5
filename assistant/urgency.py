"""Words that mean somebody needs help now, and where to turn first.

An ordinary clinical question about an emergency ("adrenaline dose in anaphylaxis?", "red flags in hyperkalaemia")
must be answered, so an event alone never fires: it needs a person it is happening to, in the present. Telephone
numbers were read on the services' own or official pages (samaritans.org; NHS trust pages for 999 and 111; 988 and 911
on US lifeline pages; 112 on the Commission's notice that it works in every member state). Which number is shown
depends on the jurisdiction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PERSON = (
    r"(?:(?:my|the|this|our|a|another)\s(?:\d{1,3}[\s-](?:year|month|week)s?[\s-]old\s)?(?:\w+\s){0,2}?"
    r"(?:patient|pt|man|woman|lady|gentleman|boy|girl|child|baby|son|daughter|wife|husband|partner|mother|father|mum|dad|"
    r"friend|brother|sister|colleague|neighbour|resident|client)|he|she|they|someone|somebody|i)"
)
_IS = r"(?:['’]s|['’]m|\sis|\sam|\sare|\shas|\shave|\swas)(?:\sjust|\snow|\ssuddenly|\scurrently|\sbeen|\sactively)*"
_STATE = (
    r"(?:in\s(?:full\s)?(?:cardiac\s|respiratory\s)?arrest|(?:in\s|having\s|gone into\s)(?:an?\s)?(?:cardiac arrest|"
    r"anaphyla\w+(?:\s(?:shock|reaction))?)|arrested|arresting|collaps(?:ing|ed)|not\sbreathing|stopped\sbreathing|"
    r"unresponsive|(?:got\s)?no\spulse|pulseless|chok(?:ing|ed)|struggling to breathe|gasping|fitting|"
    r"having\sa\s(?:seizure|fit|stroke|heart\sattack)|"
    r"bleeding\sout|turn(?:ing|ed)\sblue|unconscious|dying|crashing|peri-?arrest)"
)
_NOW = (
    r"(?:right\snow|now\b|at\sthis\smoment|in\sfront\sof\sme|help\b|quick(?:ly)?\b|urgent(?:ly)?\b|"
    r"just\snow|as\si\s(?:type|write))"
)
_OVERDOSE = (
    r"(?:(?:has|have|['’]s|['’]ve|was|is)?\s?(?:just\s)?(?:taken|took|swallowed|ingested|had)\s(?:an?\s|too\smany\s|all\s(?:of\s)?"
    r"(?:my|his|her|their|the)\s|a\swhole\s|\d{2,3}\s)(?:\w+\s){0,3}?(?:overdose|tablets|pills|capsules|box|bottle|packet|paracetamol|insulin))"
)
_PAST = re.compile(
    r"\b(?:years?|months?|weeks?|yesterday|previous(?:ly)?|history|last\s(?:year|month|week)|in\s(?:19|20)\d\d|survived|post)\b"
)
_CONDITIONAL = re.compile(
    r"^\s*(?:if|when|in case|suppose|what if|once)\b|\b(?:if|when|whenever|in case)\s(?:my|the|this|our|a|he|she|"
    r"they|someone|i)\b"
)

_HAPPENING = re.compile(rf"\b{_PERSON}{_IS}\s{_STATE}")
_STATE_NOW = re.compile(
    rf"{_STATE}[^.?!]{{0,60}}\b{_NOW}|\b{_NOW}[^.?!]{{0,60}}\b{_STATE}|"
    rf"\b(?:cardiac arrest|anaphyla\w+|overdose[ds]?)\b[^.?!]{{0,40}}\b(?:right\snow|happening\snow|"
    rf"in\sfront\sof\sme|as\si\stype|please\shelp)"
)
_HAS_OVERDOSED = re.compile(
    rf"\b{_PERSON}\s?{_OVERDOSE}|\b{_PERSON}(?:['’]s|\shas|\shave)\s(?:just\s)?(?:overdosed|od['’]?d)\b"
)
_AIRWAY = re.compile(
    r"\b(?:can(?:not|['’]?t)|unable to|struggling to) breathe\b|\b(?:tongue|throat|lips?|airway|"
    r"face)\b[^.?!]{0,20}\b(?:is|are|swelling|closing)\b[^.?!]{0,12}\b(?:swelling|swollen|closing|up)\b"
)
_BARE = re.compile(
    r"^\W*(?:help\W+)?(?:cardiac arrest|anaphyla\w+|not breathing|no pulse)(?:\W+(?:now|help|here|please))+\W*$"
)

_SELF_HARM_FIRST = re.compile(
    r"\b(?:i|i['’]m|i['’]ve|im)\b[^.?!]{0,40}\b(?:want(?:ed)?\sto\sdie|wanna\sdie|kill(?:ing)?\smyself|end(?:ing)?\s(?:my\slife|it\sall)|"
    r"hurt(?:ing)?\smyself|harm(?:ing)?\smyself|cut(?:ting)?\smyself|suicidal|take\smy\s(?:own\s)?life|better\soff\sdead)\b|"
    r"\b(?:kill\smyself|suicidal\sthoughts\sand\si|no\sreason\sto\slive)\b"
)
_SELF_HARM_OTHER = re.compile(
    rf"\b{_PERSON}(?:['’]s|\sis|\ssays|\ssaid|\shas\ssaid|\skeeps|\swants|\splans|\sthreatens|\shas|\sjust|\sfeels)\b[^.?!]{{0,60}}"
    r"\b(?:suicidal|(?:kill|harm|hurt|hang|cut)(?:ing)?\s(?:him|her|them)sel(?:f|ves)|end(?:ing)?\s(?:his|her|their)\s(?:own\s)?life|wants?\sto\sdie|"
    r"to\sdie|(?:attempting|threatening)\ssuicide|tak(?:e|ing)\s(?:his|her|their)\sown\slife)\b"
)


@dataclass(frozen=True, slots=True)
class Signpost:
    """``kind`` is ``emergency`` or ``self_harm``; ``lines`` say where to turn, the most urgent first; no dose in
    them."""

    kind: str
    lines: tuple[str, ...]


def find_urgency(text: str, *, jurisdiction: str | None) -> Signpost | None:
    """The signpost that must come before any answer, or None for an ordinary question."""
    lowered = re.sub(r"\s+", " ", text.lower())
    for sentence in re.split(r"(?<=[.?!])\s|\n", lowered):
        if _SELF_HARM_FIRST.search(sentence) and not _PAST.search(sentence):
            return Signpost("self_harm", _self_harm_lines(jurisdiction))
        if _SELF_HARM_OTHER.search(sentence) and not (_PAST.search(sentence) or _CONDITIONAL.search(sentence)):
            return Signpost("self_harm", _self_harm_lines(jurisdiction))
        if _is_happening(sentence):
            return Signpost("emergency", _emergency_lines(jurisdiction))
    return None


def _is_happening(sentence: str) -> bool:
    if _CONDITIONAL.search(sentence) or _PAST.search(sentence):
        return False
    return any(pattern.search(sentence) for pattern in (_HAPPENING, _STATE_NOW, _HAS_OVERDOSED, _AIRWAY, _BARE))


_EMERGENCY_NUMBER = {
    "uk": "Call 999 now (UK).",
    "us": "Call 911 now (US).",
    "eu": "Call 112 now (European Union).",
}
_GENERIC_NUMBER = "Call your local emergency number now (UK 999, European Union 112, US 911)."


def _emergency_lines(jurisdiction: str | None) -> tuple[str, ...]:
    return (
        "This reads like an emergency that is happening now. In a hospital, call the resuscitation or emergency "
        "team now.",
        "Outside a hospital: " + _EMERGENCY_NUMBER.get(jurisdiction or "", _GENERIC_NUMBER),
        "Follow your local emergency protocol. This assistant gives no doses for an emergency in progress; "
        "ask about the guidance when help is there.",
    )


def _self_harm_lines(jurisdiction: str | None) -> tuple[str, ...]:
    support = {
        "uk": "Someone to talk to at any hour: Samaritans, free on 116 123 (UK and Ireland), or NHS 111.",
        "us": "Someone to talk to at any hour: call or text 988 (US).",
    }
    both = (
        "Someone to talk to at any hour: in the UK and Ireland Samaritans, free on 116 123; in the US call or text 988."
    )
    return (
        "If there is a danger to life now: " + _EMERGENCY_NUMBER.get(jurisdiction or "", _GENERIC_NUMBER),
        support.get(jurisdiction or "", both),
        "If this is about a patient: stay with them and involve your crisis or liaison mental health team now. "
        "This assistant does not answer clinical questions from such a message.",
    )
