"""The checker: a statement against the passages it cites, or any text against the corpus or a given source.

Pure and deterministic: no clock, no randomness, no model, no network, no float in any comparison of quantities; the
same
text on the same corpus gives the same verdicts in the same order. Nothing is raised for any text. Which faults there are
is found by ``checks``, what they mean is decided by ``verdicts``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from assistant.arithmetic import Sum, Worked, worked_out
from assistant.checks import run_checks
from assistant.checks.finding import Asked, Compared, Finding, Match, Severity
from assistant.checks.forbidden import BLOCKING, Bans, ban_quote, check_forbidden, read_bans
from assistant.checks.jurisdiction import foreign_practice
from assistant.checks.numerals import labelled
from assistant.checks.polarity import denied_lead
from assistant.checks.slots import frame_slots
from assistant.checks.sums import check_sum
from assistant.claims import Sentence, read_claims
from assistant.errors import CorpusError
from assistant.evidence import Evidence, EvidenceBase, read_source
from assistant.frames import Item, ReadText, read_text
from assistant.records import CheckedClaim, CheckedStatement, Corpus, Quote, Reading, Verdict
from assistant.regions import unit_of
from assistant.repair import repaired
from assistant.restating import key_of, span_in, squeeze, without_lead_in
from assistant.rewriting import compose, rewrite
from assistant.rule_slots import slot_problems
from assistant.tables import with_units
from assistant.verdicts import SAME_SENTENCE, decide, verdict_of, worst
from assistant.vocabulary import Vocabulary
from assistant.wording import Wording, read_wording
from assistant.wording_lists import NEGATES_CLAUSE, NEGATES_PHRASE, STOP

_MOST_READINGS = 4096  # sentences kept read; a draft, its repair and its answer are the same sentences again
_MOST_CHARACTERS = 2000  # of one sentence; guidance has none as long
_NOTHING = ReadText("", (), Wording((), (), frozenset(), frozenset()), (), Reading(""))
_NO_READ: frozenset[Item] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence against the piece of evidence that fits it best; ``evidence`` is None when there was none at all."""

    asked: Asked
    evidence: Evidence | None
    compared: Compared | None
    findings: tuple[Finding, ...]
    overlap: Fraction
    verbatim: tuple[int, int] | None = None  # the source sentence that it repeats word for word
    elsewhere: Mapping[int, Judged] = field(default_factory=dict)  # numbers that another piece of evidence verifies
    sum: Sum | None = None  # what the sentence calculated; ``asked`` is the sentence without it
    restated: tuple[int, ...] = ()  # for each number of a restated sentence, the frame of the source it repeats

    @property
    def verdict(self) -> Verdict:
        return decide(self.findings, overlap=self.overlap)


class Checker:
    """Checks against one corpus; cheap to make, reads passages when they are first needed and keeps them."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._vocabulary = Vocabulary(corpus.terms)
        self._base = EvidenceBase(corpus, self._vocabulary)
        self._bans = Bans(read_bans(corpus))
        self._readings: dict[tuple[str, str], ReadText] = {}
        self._leads: dict[str, frozenset[Item]] = {}
        self._checked: dict[tuple[str, tuple[str, ...], str | None], CheckedStatement] = {}

    # ------------------------------------------------------------------ face

    def check_statement(
        self, text: str, *, passage_ids: Sequence[str] = (), jurisdiction: str | None = None
    ) -> CheckedStatement:
        """``text`` (one or more sentences) against the passages it cites, or the whole corpus when it cites none.

        ``jurisdiction`` is the country ("uk", "us", "eu") of the reader; a dose from a passage of another country is then
        verified only where the statement names that country. None: every country's practice counts.
        """
        key = (text, tuple(passage_ids), jurisdiction)
        known = self._checked.get(key)
        if known is None:
            if len(self._checked) >= _MOST_READINGS:
                self._checked.clear()
            known = self._checked[key] = self._check(text, passage_ids, jurisdiction)
        return known

    def _check(self, text: str, passage_ids: Sequence[str], jurisdiction: str | None) -> CheckedStatement:
        claims: list[CheckedClaim] = []
        for sentence, before in _with_context(text, bare_citations=False):
            evidence = self._evidence(sentence, before, passage_ids)
            for judged, start in self._judge_parts(sentence, before, evidence, bool(passage_ids), jurisdiction):
                claims.extend(self._claims(judged, start))
        if not claims:
            claims.append(_nothing_said(text))
        return CheckedStatement(text, worst(claim.verdict for claim in claims), tuple(claims), 0, len(text))

    def audit(self, text: str, source: str | None = None) -> tuple[CheckedStatement, ...]:
        """Every sentence, item and table row of ``text``, in order; against ``source`` alone when one is given."""
        given = read_source(source, self._vocabulary) if source is not None else None
        statements: list[CheckedStatement] = []
        for sentence, before in _with_context(text, bare_citations=True):
            evidence = given if given is not None else self._evidence(sentence, before, ())
            parts = self._judge_parts(sentence, before, evidence, given is not None, None)
            claims = tuple(claim for judged, start in parts for claim in self._claims(judged, start - sentence.start))
            verdict = worst(claim.verdict for claim in claims)
            statements.append(CheckedStatement(sentence.text, verdict, claims, sentence.start, sentence.end))
        return tuple(statements)

    def repair(self, checked: CheckedStatement, *, passage_ids: Sequence[str] = ()) -> str | None:
        """The statement with its contradicted slots taken from the source, if that verifies; else None."""
        text = checked.text
        for sentence, before in reversed(_with_context(text, bare_citations=False)):
            judged = self._judge(sentence, before, self._evidence(sentence, before, passage_ids), bool(passage_ids))
            if judged.verdict is Verdict.VERIFIED:
                continue
            nearer = any(f.frame in judged.elsewhere for f in judged.findings)  # their spans count in another passage
            better = None if nearer else repaired(sentence.text, judged.asked, judged.findings, judged.evidence)
            if better is None:
                return None
            text = text[: sentence.start] + better + text[sentence.end :]
        again = self.check_statement(text, passage_ids=passage_ids)
        return text if text != checked.text and again.verdict is Verdict.VERIFIED else None

    # ------------------------------------------------------------------ judging one sentence

    def _evidence(self, sentence: Sentence, before: str, passage_ids: Sequence[str]) -> tuple[Evidence, ...]:
        if passage_ids:
            return tuple(e for passage_id in dict.fromkeys(passage_ids) for e in self._base.of_passage(passage_id))
        ids = self._base.about(" ".join((*sentence.lead[-2:], before, sentence.clean)))
        return tuple(e for passage_id in ids for e in self._base.of_passage(passage_id))

    def _judge_parts(
        self,
        sentence: Sentence,
        before: str,
        evidence: Sequence[Evidence],
        is_cited: bool,
        jurisdiction: str | None,
    ) -> list[tuple[Judged, int]]:
        """The sentence judged as one; or, where it joins what stands in two passages, its two halves, both verified."""
        judged = self._judge(sentence, before, evidence, is_cited, jurisdiction)
        if judged.verdict is not Verdict.VERIFIED and len({piece.id for piece in evidence}) > 1:
            for cut in _joints(sentence.clean):
                halves = _halves(sentence, cut)
                first = self._judge(halves[0], before, evidence, is_cited, jurisdiction)
                if first.verdict is Verdict.VERIFIED:
                    second = self._judge(halves[1], halves[0].clean, evidence, is_cited, jurisdiction)
                    if second.verdict is Verdict.VERIFIED:
                        return [(first, halves[0].start), (second, halves[1].start)]
        if judged.verdict is not Verdict.VERIFIED:
            analytes = tuple(sorted({a for f in judged.asked.read.frames for a in f.analytes | f.drugs}))
            worked = worked_out(sentence.clean, analytes)
            judged = self._judge_sum(worked, sentence, before, evidence, is_cited, jurisdiction) or judged
        return [(judged, sentence.start)]

    def _judge_sum(
        self,
        all_worked: Sequence[Worked],
        sentence: Sentence,
        before: str,
        evidence: Sequence[Evidence],
        is_cited: bool,
        jurisdiction: str | None,
    ) -> Judged | None:
        """The sentence without a sum that it does, where that is verified; a right sum before a wrong one."""
        wrong: Judged | None = None
        for worked in all_worked:
            rest = replace(sentence, clean=worked.clean)
            judged = self._judge(rest, before, evidence, is_cited, jurisdiction)
            if judged.verdict is not Verdict.VERIFIED or judged.evidence is None:
                continue
            findings = tuple(check_sum(worked.sum, judged.evidence))
            if not findings:
                return replace(judged, sum=worked.sum)
            wrong = wrong or replace(judged, sum=worked.sum, findings=findings)
        return wrong

    def _judge(
        self,
        sentence: Sentence,
        before: str,
        evidence: Sequence[Evidence],
        is_cited: bool,
        jurisdiction: str | None = None,
    ) -> Judged:
        folded = squeeze(sentence.clean)
        lead = self._lead_items(sentence.lead[-1]) if sentence.lead and sentence.kind in {"item", "row"} else _NO_READ
        for piece in evidence if not lead else ():
            place = piece.places.get(folded)
            if place is not None:
                start, end, _ = piece.sentences[place]
                asked = Asked(sentence.clean, _verbatim(piece, place, sentence.clean))
                if any(True for _ in foreign_practice(asked.text, asked.read.frames, piece, jurisdiction)):
                    continue
                return Judged(asked, piece, None, (), Fraction(1), (start, end))
        if len(sentence.clean) <= _MOST_CHARACTERS and not lead:
            restated = self._restated(sentence.clean, evidence, jurisdiction)
            if restated is not None:
                return restated
        if len(sentence.clean) > _MOST_CHARACTERS:
            finding = Finding("words", Severity.UNREAD, "too long to be one statement", 0, len(sentence.clean))
            return Judged(Asked(sentence.clean, _NOTHING), None, None, (finding,), Fraction(0))
        asked = self._asked(sentence, before, lead, jurisdiction)
        if sentence.clean.rstrip(" \"”'").endswith("?"):
            finding = Finding("words", Severity.UNREAD, "a question states nothing", 0, len(sentence.clean))
            return Judged(asked, None, None, (finding,), Fraction(0))
        for piece in evidence if lead else ():
            place = piece.places.get(folded)
            if (
                place is not None
                and not denied_lead(asked, piece)
                and not any(True for _ in foreign_practice(asked.text, asked.read.frames, piece, jurisdiction))
            ):
                start, end, _ = piece.sentences[place]
                return Judged(asked, piece, None, (), Fraction(1), (start, end))
        forbidden = tuple(check_forbidden(asked, self._bans.near(asked))) if not self._is_given(evidence) else ()
        best: Judged | None = None
        others: list[Judged] = []
        turned: set[str] = set()
        for piece in evidence:
            compared, findings = run_checks(asked, piece, self._vocabulary)
            judged = Judged(asked, piece, compared, forbidden + findings, _overlap(asked, compared))
            # a sentence that turns a word of its passage is not saved by the plain wording of the same passage
            if judged.verdict is Verdict.VERIFIED and piece.id not in turned:
                return judged
            if judged.verdict is Verdict.VERIFIED:
                continue
            if _is_turned(judged):
                turned.add(piece.id)
            others.append(judged)
            if best is None or _rank(judged) < _rank(best):
                best = judged
        if best is not None:
            return _joined(best, [judged for judged in others if judged is not best])
        return Judged(asked, None, None, forbidden + _without_evidence(asked, is_cited), Fraction(0))

    def _restated(self, clean: str, evidence: Sequence[Evidence], jurisdiction: str | None) -> Judged | None:
        """The sentence judged as true as its source where it says the same in the same words; None where it does not."""
        folded, places = _folded(clean)
        begin = without_lead_in(folded)
        rewritten = rewrite(folded[begin:])
        key = key_of(rewritten.text)
        if key is None:
            return None
        moved = tuple(range(begin, len(folded))) if begin else None
        places = compose(compose(rewritten.places, moved), places)
        for piece in evidence:
            found = piece.keys.get(key.words)
            if found is None:
                continue
            number, theirs = found
            start, end, _ = piece.sentences[number]
            frames, restated = [], []
            for place, frame in enumerate(piece.read.frames):
                span = span_in(theirs.spans, key.spans, frame.start, frame.end) if start <= frame.start < end else None
                if span is not None:
                    low, high = span if places is None else (places[span[0]], places[span[1] - 1] + 1)
                    frames.append(replace(frame, start=low, end=high))
                    restated.append(place)
            read = replace(_NOTHING, text=clean, frames=tuple(frames))
            if not any(True for _ in foreign_practice(clean, read.frames, piece, jurisdiction)):
                judged = Judged(Asked(clean, read), piece, None, (), Fraction(1), (start, end))
                return replace(judged, restated=tuple(restated))
        return None

    def _is_given(self, evidence: Sequence[Evidence]) -> bool:
        return bool(evidence) and evidence[0].id == "source"

    def _asked(self, sentence: Sentence, before: str, items: frozenset[Item], jurisdiction: str | None) -> Asked:
        lead = rewrite(" . ".join((*sentence.lead, before)).strip(" .")).text
        whole, origin = with_units(sentence.clean, sentence.units) if sentence.units else (sentence.clean, None)
        folded, places = _folded(whole)
        places = compose(places, origin)
        clean, moved = rewrite(folded)
        places = compose(moved, places)
        key = (clean, lead)
        reading = self._readings.get(key)
        if reading is None:
            if len(self._readings) >= _MOST_READINGS:
                self._readings.clear()
            reading = self._readings[key] = read_text(clean, self._vocabulary, lead=lead)
        return Asked(clean, reading, items, jurisdiction, places, self._context_stems(lead), sentence.clean)

    def _context_stems(self, lead: str) -> frozenset[str]:
        return frozenset(stem for stem, _ in self._lead_items(lead)) if lead else frozenset()

    def _lead_items(self, lead: str) -> frozenset[Item]:
        if lead not in self._leads:
            if len(self._leads) >= _MOST_READINGS:
                self._leads.clear()
            words = read_wording(rewrite(lead).text, self._vocabulary).words
            self._leads[lead] = frozenset((w.stem, w.negated) for w in words if not w.neutral)
        return self._leads[lead]

    # ------------------------------------------------------------------ findings to checked claims

    def _claims(self, judged: Judged, offset: int) -> Iterable[CheckedClaim]:
        """One claim per number, and one for the sentence itself when it has no number or is at fault as a sentence."""
        asked = judged.asked
        for index, frame in enumerate(asked.read.frames):
            own = tuple(f for f in judged.findings if f.frame == index)
            view = replace(judged.elsewhere.get(index, judged), overlap=judged.overlap)
            yield self._claim(frame.kind, frame.start, frame.end, own, view, offset, index)
        if judged.sum is not None:
            yield self._sum_claim(judged, judged.sum, offset)
            return
        rest = tuple(f for f in judged.findings if f.frame is None)
        if rest or not asked.read.frames:
            yield self._claim("statement", 0, len(asked.text), rest, judged, offset, None)

    def _claim(
        self,
        kind: str,
        start: int,
        end: int,
        findings: tuple[Finding, ...],
        judged: Judged,
        offset: int,
        index: int | None,
    ) -> CheckedClaim:
        verdict = decide(findings, overlap=judged.overlap)
        start, end = judged.asked.place(start), judged.asked.place(end - 1) + 1
        text = judged.asked.written[start:end].strip() if index is None else judged.asked.written[start:end]
        start, end = offset + start, offset + end
        leading = min(findings, key=lambda f: (f.severity, f.start), default=None)
        observed: Mapping[str, str] | None = None
        if index is not None:
            observed = frame_slots(judged.asked.read.frames[index])
        if leading is None:
            rule, note, source = self._proof(judged, index)
            reason = "stands in the source" + (f" ({note})" if note else "")
            return CheckedClaim(kind, text, start, end, verdict, reason, rule, None, observed, source)
        expected = leading.expected if verdict_of(leading, overlap=judged.overlap) is Verdict.CONTRADICTED else None
        quote = self._quote(leading, judged)
        reason = "; ".join(dict.fromkeys(f.reason for f in findings))
        found = {**(observed or {}), **(leading.observed or {})} or None
        return CheckedClaim(kind, text, start, end, verdict, reason, leading.rule, expected, found, quote)

    def _sum_claim(self, judged: Judged, sum: Sum, offset: int) -> CheckedClaim:
        """The result of a sum, proved by the number that it was made of."""
        frames, place = judged.asked.read.frames, judged.asked.place
        operand = next((n for n, f in enumerate(frames) if place(f.start) <= sum.operand <= place(f.end - 1)), None)
        rule, _, source = self._proof(judged, operand)
        finding = next(iter(judged.findings), None)
        if finding is None:
            verdict, reason, expected = Verdict.VERIFIED, "recomputed from what stands in the source", None
        else:
            verdict, reason, expected = verdict_of(finding, overlap=judged.overlap), finding.reason, finding.expected
            source = self._quote(finding, judged) if finding.source is not None else source
        start, end = offset + sum.start, offset + sum.end
        observed = sum.slots(sum.stated)
        return CheckedClaim(
            "calculation", sum.stated.text, start, end, verdict, reason, rule, expected, observed, source
        )

    def _proof(self, judged: Judged, index: int | None) -> tuple[str | None, str, Quote | None]:
        """Rule, note and quote of a claim that agrees."""
        piece = judged.evidence
        if piece is None:
            return None, "", None
        if judged.verbatim is not None:
            start, end = judged.verbatim
            if index is None:
                rule = piece.quoted_rule(start, end)
            elif judged.restated:
                rule = piece.rule_for(piece.read.frames[judged.restated[index]])
            else:
                rule = piece.verbatim_rule(index, start, end)
            return (rule.id if rule else None), "word for word", piece.quote(start, end)
        if index is not None and judged.compared is not None:
            match = judged.compared.matches[index]
            if match.source is not None:
                source = piece.read.frames[match.source]
                rule = piece.rule_for(source)
                return (rule.id if rule else None), match.note, piece.quote(source.start, source.end)
        return None, "", piece.quote(0, len(piece.read.text))

    def _quote(self, finding: Finding, judged: Judged) -> Quote | None:
        if finding.check == "forbidden" and finding.rule is not None:
            return ban_quote(self._corpus.rules[finding.rule], self._corpus)
        if judged.evidence is None:
            return None
        if finding.source is not None:
            return judged.evidence.quote(*finding.source)
        if judged.overlap == 0:
            return None
        return judged.evidence.quote(0, len(judged.evidence.read.text))


# --------------------------------------------------------------------------- helpers


def _with_context(text: str, *, bare_citations: bool) -> list[tuple[Sentence, str]]:
    """Sentences to check, each with the text before it in its paragraph, which may name its drug.

    A text that is nothing but a heading is checked as a sentence: somebody states it.
    """
    found = read_claims(text, bare_citations=bare_citations)
    checked = [sentence for sentence in found if not sentence.is_context]
    if not checked:
        checked = [replace(sentence, kind="sentence") for sentence in found]
    pairs: list[tuple[Sentence, str]] = []
    for index, sentence in enumerate(checked):
        earlier = checked[index - 1] if index else None
        near = earlier is not None and sentence.start - earlier.end <= 2 and sentence.kind == "sentence"
        pairs.append((sentence, earlier.clean if near and earlier is not None else ""))
    return pairs


def _folded(clean: str) -> tuple[str, tuple[int, ...] | None]:
    """Blanks left by markup folded to one, so that "above **5 mg**" reads as "above 5 mg", and where each character
    was.
    """
    if "  " not in clean:
        return clean, None
    drop: set[int] = set()
    for run in re.finditer(r" {2,}", clean):
        inside = clean[run.start() - 1 : run.start()] == "(" or clean[run.end() : run.end() + 1] == ")"
        drop.update(range(run.start() + (0 if inside else 1), run.end()))
    places = tuple(i for i in range(len(clean)) if i not in drop)
    return "".join(clean[i] for i in places), places


def _verbatim(piece: Evidence, place: int, text: str) -> ReadText:
    """What was read out of the source sentence stands for the sentence that repeats it; offsets count in ``text``."""
    start, end, _ = piece.sentences[place]
    shift = len(text) - len(text.lstrip()) - piece.written(start, end)[0]
    frames = []
    for frame in piece.read.frames:
        if start <= frame.start < end:
            low, high = piece.written(frame.start, frame.end)
            frames.append(replace(frame, start=low + shift, end=min(high + shift, len(text))))
    return replace(_NOTHING, text=text, frames=tuple(frames))


def _overlap(asked: Asked, compared: Compared) -> Fraction:
    """Share of the meaningful words that the source has; 1 for a sentence of numbers alone."""
    words = [n for n, w in enumerate(asked.read.words) if not w.neutral]
    if not words:
        return Fraction(1)
    missing = set(compared.missing)
    return Fraction(sum(1 for n in words if n not in missing), len(words))


def _rank(judged: Judged) -> tuple[Fraction, int, int]:
    """Lower is nearer: fewest faults for the words in common, so that the reason shown is the one that helps."""
    faults = sum(1 for f in judged.findings if f.severity is not Severity.UNREAD)
    matches = judged.compared.matches if judged.compared else ()
    agreeing = sum(Fraction(1, 2) if m.agrees else Fraction(3, 10) if _is_near(m) else Fraction(0) for m in matches)
    return (-judged.overlap - agreeing, faults, 0 if judged.verdict is Verdict.CONTRADICTED else 1)


_JOINT = re.compile(r"(?P<stop>;)\s+|,\s+(?:and|but|while|whereas)\s+")
_OPENING = re.compile(
    r"\s*(?:if|when|unless|only|in|with|without|for|among|after|before|during)\b[^,;]*,", re.IGNORECASE
)
_MOST_JOINTS = 3


def _joints(text: str) -> list[tuple[int, int]]:
    """Where a sentence may be cut into two that can be true apart: nowhere behind a denial or a condition that could
    reach over the cut.
    """
    found = []
    for joint in _JOINT.finditer(text):
        before = text[: joint.start()].casefold()
        words = set(re.findall(r"[a-z']+", before))
        reaches = words & (NEGATES_CLAUSE | NEGATES_PHRASE) or any(word.endswith("n't") for word in words)
        if (
            not reaches
            and (joint["stop"] or not _OPENING.match(text))
            and min(joint.start(), len(text) - joint.end()) > 12
        ):
            found.append(joint.span())
    return found[:_MOST_JOINTS]


def _halves(sentence: Sentence, cut: tuple[int, int]) -> tuple[Sentence, Sentence]:
    left, right = cut
    first = replace(sentence, text=sentence.text[:left], clean=sentence.clean[:left], end=sentence.start + left)
    return first, replace(
        sentence,
        text=sentence.text[right:],
        clean=sentence.clean[right:],
        start=sentence.start + right,
        kind="sentence",
    )


def _joined(best: Judged, others: Sequence[Judged]) -> Judged:
    """``best`` without its faults about numbers that another piece verifies together with the words around them.

    "OR 6.2 for liver metastases and OR 3.2 for lymphoma" may stand in two passages: numbers of one sort, side by side.
    A number of another sort is bound to the first one ("below 250 mg/dL give 0.1 units/kg/hour", "50 micrograms/hour is
    60 mg"), and two passages that each hold one of them prove nothing about both. What is said of the sentence as a whole
    is judged by ``best`` alone, but for words that belong to such a number.
    """
    if best.compared is None or not others:
        return best
    is_of_one_sort = len({frame.family for frame in best.asked.read.frames}) == 1
    faulty = {f.frame for f in best.findings if f.frame is not None}
    spans = {n: a.region for group in best.asked.read.anchors.values() for n, a in group.items()} if faulty else {}
    words = best.asked.read.words
    taken: dict[int, Judged] = {}
    nearer: dict[int, Judged] = {}  # where the best piece has no such number, one that has it with another value
    covered: set[int] = set()
    for index in sorted(faulty):
        region = spans.get(index)
        inside = {n for n, w in enumerate(words) if region is not None and region[0] <= w.start < region[1]}
        for other in others:
            if other.compared is None or not inside:
                continue
            lacking = inside & set(other.compared.missing)
            if _other_label(best, other, index):
                continue
            theirs = [f for f in other.findings if f.frame == index]
            if is_of_one_sort and not theirs and not lacking and other.compared.matches[index].agrees:
                taken[index] = other
                covered |= inside
                break
            on_topic = len(lacking) <= len(inside) * (1 - SAME_SENTENCE)
            if (
                on_topic
                and best.compared.matches[index].source is None
                and any(f.severity is Severity.CONFLICT for f in theirs)
            ):
                nearer.setdefault(index, other)
    nearer = {index: other for index, other in nearer.items() if index not in taken}
    if not taken and not nearer:
        return best
    is_covered = set(best.compared.missing) <= covered
    findings = tuple(
        f
        for f in best.findings
        if not (
            f.frame in taken or f.frame in nearer or (f.frame is None and f.check in {"words", "edits"} and is_covered)
        )
        or f.check == "forbidden"
    )
    findings += tuple(f for index, other in nearer.items() for f in other.findings if f.frame == index)
    return replace(best, findings=findings, elsewhere={**taken, **nearer})


def _other_label(best: Judged, other: Judged, index: int) -> bool:
    """Whether the number stands with a label ("stage 3", "day 2") that ``other`` does not have: its number is not for that one."""
    text, frames = best.asked.text, best.asked.read.frames
    low, high = unit_of(text, frames[index].start)
    labels = [span for span in labelled(text) if low <= span[0] < high]
    for n, frame in enumerate(frames):
        inside = n != index and any(start <= frame.start < end for start, end in labels)
        if inside and (other.compared is None or not other.compared.matches[n].agrees):
            return True
    return any(f.check == "numerals" and low <= f.start < high for f in other.findings)


def _is_turned(judged: Judged) -> bool:
    """Whether the only change to a sentence of the passage is a denial put in or taken out, all its words being there."""
    small = NEGATES_CLAUSE | NEGATES_PHRASE | STOP
    for finding in judged.findings:
        if finding.check == "polarity" and finding.severity is Severity.CONFLICT and judged.overlap == 1:
            return True
        if finding.check == "edits" and finding.severity is Severity.CONFLICT:
            words = f"{(finding.expected or {}).get('words', '')} {(finding.observed or {}).get('words', '')}".split()
            if words and set(words) <= small:
                return True
    return False


def _is_near(match: Match) -> bool:
    """The same number under another measure, route or schedule: that is the claim that was meant."""
    slots = {m.slot for m in match.mismatches}
    return match.source is not None and len(slots) == 1 and not slots & {"value", "dose", "drug"}


def _without_evidence(asked: Asked, is_cited: bool) -> tuple[Finding, ...]:
    """Nothing to compare with: the cited source lacks it, or no passage of the corpus speaks of it at all."""
    severity = Severity.ABSENT if is_cited else Severity.UNREAD
    reason = "the cited source does not say it" if is_cited else "no passage or rule covers it"
    whole = Finding("words", severity, reason, 0, len(asked.text))
    return (whole, *(Finding("values", severity, reason, f.start, f.end, n) for n, f in enumerate(asked.read.frames)))


def _nothing_said(text: str) -> CheckedClaim:
    reason = "there is no statement to check"
    return CheckedClaim("statement", text, 0, len(text), Verdict.NOT_CHECKABLE, reason)


def check_rules(corpus: Corpus, *, part: int = 0, of: int = 1) -> list[CorpusError]:
    """Every passage against itself, every example of every rule; a rule that does not hold is named with file and
    line. ``part`` (from 0) of ``of`` takes each of-th one only, so that several processes can share the work.
    """
    checker, vocabulary = Checker(corpus), Vocabulary(corpus.terms)
    problems: list[CorpusError] = []
    for passage in list(corpus.passages.values())[part::of]:
        path = (
            corpus.guidelines[passage.guideline].path if passage.guideline in corpus.guidelines else passage.guideline
        )
        for text in filter(None, (passage.text, passage.plain)):
            checked = checker.check_statement(text, passage_ids=(passage.id,))
            if checked.verdict is not Verdict.VERIFIED:
                reason = _first_reason(checked)
                problems.append(
                    CorpusError(path, passage.line, f"{passage.id} does not verify against itself: {reason}")
                )
    for rule in list(corpus.rules.values())[part::of]:
        reasons = slot_problems(rule, corpus.passages[rule.passage].text, vocabulary)
        problems.extend(CorpusError(rule.path, rule.line, f"[{rule.id}] {why}") for why in reasons)
        for sentence in rule.accept:
            if rule.kind in BLOCKING:  # its accept examples say what may be stated, on whatever passage that stands
                checked = checker.check_statement(sentence)
                if any(c.rule == rule.id and c.verdict is not Verdict.VERIFIED for c in checked.claims):
                    problems.append(CorpusError(rule.path, rule.line, f"[{rule.id}] accept is forbidden: {sentence!r}"))
                continue
            checked = checker.check_statement(sentence, passage_ids=(rule.passage,))
            if checked.verdict is not Verdict.VERIFIED:
                why = f"[{rule.id}] accept is {checked.verdict}: {sentence!r} ({_first_reason(checked)})"
                problems.append(CorpusError(rule.path, rule.line, why))
        for sentence in rule.reject:
            if checker.check_statement(sentence, passage_ids=(rule.passage,)).verdict is Verdict.VERIFIED:
                problems.append(CorpusError(rule.path, rule.line, f"[{rule.id}] reject is verified: {sentence!r}"))
    return problems


def _first_reason(checked: CheckedStatement) -> str:
    return next((c.reason for c in checked.claims if c.verdict is checked.verdict), "")
