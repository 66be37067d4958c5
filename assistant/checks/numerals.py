"""Does every figure that no claim owns stand in the source? "On days 2–14" is no quantity, and still not "days 2–4".

The readers leave some figures out on purpose (days of a schedule, steps, grades in names). A sentence must not pass
with such a figure changed, so each one is looked for among the figures of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checks.finding import Asked, Compared, Finding, Severity
from assistant.evidence import Evidence
from assistant.vocabulary import Vocabulary

# a figure that is no part of a name: not B12, 4Ts, NG239, 5-HT3, CA 19-9 (those are words)
_FIGURE = re.compile(r"(?<![\w.,/])(?<![A-Za-z]-)\d+(?:[.,]\d+)*(?![\w])(?!-[A-Za-z])")
# a word before its figure makes it a label, "day 3", "days 2 to 4", even where a dose around it was read as a whole
_LABELLED = re.compile(
    r"\b(?:day|week|month|cycle|step|grade|stage|level|class|score)s?\s+\d+(?:\s*(?:[-–—,]|to|and|or|until|through)\s*\d+)*",
    re.IGNORECASE,
)


def check_numerals(asked: Asked, evidence: Evidence, compared: Compared, vocabulary: Vocabulary) -> Iterator[Finding]:
    labels = labelled(asked.text)
    loose = [
        figure
        for figure in _FIGURE.finditer(asked.text)
        if not _is_owned(figure, asked) or any(start <= figure.start() < end for start, end in labels)
    ]
    if not loose:
        return
    names = [(mention.start, mention.end) for mention in vocabulary.find(asked.text)]
    known = {figure[0] for figure in _FIGURE.finditer(evidence.quote_text)}
    known |= {figure[0] for figure in _FIGURE.finditer(evidence.read.text)}
    for figure in loose:
        if figure[0] in known or any(start <= figure.start() < end for start, end in names):
            continue
        reason = f"the figure {figure[0]} does not stand in the source"
        yield Finding("numerals", Severity.ABSENT, reason, figure.start(), figure.end())


def labelled(text: str) -> list[tuple[int, int]]:
    """Spans of labels with their figures: "day 3", "grade 3 or 4"."""
    return [match.span() for match in _LABELLED.finditer(text)]


def _is_owned(figure: re.Match[str], asked: Asked) -> bool:
    """A frame compares it, slot by slot."""
    at = figure.start()
    return any(q.start <= at < q.end for q in asked.read.reading.quantities) or any(
        effect.start <= at < effect.end for effect in asked.read.reading.effects
    )
