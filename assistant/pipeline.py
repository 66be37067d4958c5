"""The only module that knows the order: question to answer; its collaborators are arguments.

screen -> understand -> search -> floor -> write -> check (repair or withhold) -> must-mention -> Answer. No hit above
the floor is a result, not an error, and no writer is asked. Deterministic for the same arguments but for
``timings_ms``, which nothing else depends on. Raises RetrievalError when the index fails; everything about a question
ends in an Answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from time import perf_counter

from assistant.asked import names_drug, read_asked
from assistant.assembly import build_conflicts, dosage_row, guidance_used, number_references, order_statements
from assistant.calculating import calculate_for
from assistant.coverage import Coverage, judge
from assistant.errors import InputError
from assistant.events import Done, Event, Progress
from assistant.followups import suggest
from assistant.gate import Passed, StatementChecker, pass_statement
from assistant.knowledge import know
from assistant.notices import country_notices, disclaimer, guidance_notices, nearest, reference_notices
from assistant.premises import find_corrections
from assistant.prompts import WriteRequest
from assistant.records import (
    Answer,
    AnswerState,
    Corpus,
    DraftStatement,
    Hit,
    Passage,
    Provenance,
    Question,
    ReviewStatus,
    Section,
    Statement,
    Understanding,
)
from assistant.review.face import View
from assistant.screening import Screened, clean, screen
from assistant.slots import circumstances, known_circumstances
from assistant.spelling import mend_spelling
from assistant.understanding import Understood, understand
from assistant.vignettes import focus
from assistant.writing import Clock, Parts, Retriever, Writer, Written, write_checked

# Least fused score (0 to 1) of the best hit. Measured on our own questions: the lowest answerable one scored 0.25, most
# unanswerable ones below 0.20; between the two the words of the question decide (``coverage``).
FLOOR = 0.2
HITS = 30
OWN_DOSES = frozenset({"children", "pregnancy", "breastfeeding"})  # people for whom no other people's dose may stand in


NOTHING_APPROVED = (
    "Only guidance that a medical board has approved is used here, and none on this question is approved."
)


def answer(
    question: Question,
    *,
    corpus: Corpus,
    retriever: Retriever,
    fallback: Writer,
    checker: StatementChecker,
    today: date,
    writer: Writer | None = None,
    floor: float = FLOOR,
    version: str = "0.1.0",
    approved_only: bool = False,
    board: View | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Answer:
    """Answer ``question``. ``writer`` is a chat model's or None; ``fallback`` the offline writer, used when there is no
    model or the model fails. ``today`` decides which guidance is past its review date.
    ``board``: the review status of each guideline, instead of what its file says; what it withdrew is not used."""
    events = _events(
        question,
        Parts(corpus, know(corpus), retriever, checker, fallback, floor, today, version, approved_only, board),
        writer,
        Clock(clock),
        streams=False,
    )
    return next(event.answer for event in events if isinstance(event, Done))


def answer_stream(
    question: Question,
    *,
    corpus: Corpus,
    retriever: Retriever,
    fallback: Writer,
    checker: StatementChecker,
    today: date,
    writer: Writer | None = None,
    floor: float = FLOOR,
    version: str = "0.1.0",
    approved_only: bool = False,
    board: View | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Iterator[Event]:
    """As ``answer``, told while it is made: steps, each statement once it was checked, what was withheld, and last
    ``Done`` with the whole answer. A chat model's statements come while the model is still writing. Closing the
    iterator ends the model's reply."""
    parts = Parts(corpus, know(corpus), retriever, checker, fallback, floor, today, version, approved_only, board)
    return _events(question, parts, writer, Clock(clock), streams=True)


def _events(
    question: Question, parts: Parts, writer: Writer | None, timer: Clock, *, streams: bool
) -> Generator[Event, None, None]:
    yield Progress("search")
    ended = _refused(question, parts, timer)
    if isinstance(ended, Answer):
        yield Done(ended)
    else:
        yield Done((yield from _answer_screened(ended, parts, writer, timer, streams=streams)))


def _refused(question: Question, parts: Parts, timer: Clock) -> Answer | Screened:
    """The answer to a question that is not asked further, or the question as it is."""
    try:
        screened = screen(question)
    except InputError as error:
        shown = replace(question, text=clean(question.text[:200]))
        return _ended(shown, AnswerState.INVALID, (str(error),), parts, timer)
    if screened.signpost:
        return _ended(
            screened.question, AnswerState.SIGNPOST, (*screened.signpost.lines, *screened.notices), parts, timer
        )
    if screened.refusal:
        return _ended(screened.question, AnswerState.INVALID, (screened.refusal[1], *screened.notices), parts, timer)
    return screened


def prepare(corpus: Corpus, checker: StatementChecker, *, wanted: Callable[[], bool] = lambda: True) -> int:
    """Read and judge every statement of the corpus once, so that no first question on a topic waits for it; the number
    done. Meant for a thread of its own at the start of a server; ``wanted`` is asked before each and ends it early."""
    know(corpus)
    done = 0
    for passage in corpus.passages.values():
        if not wanted():
            break
        pass_statement(DraftStatement(passage.section, passage.text, (passage.id,)), checker, corpus, jurisdiction=None)
        done += 1
    return done


def _answer_screened(
    screened: Screened, parts: Parts, writer: Writer | None, timer: Clock, *, streams: bool
) -> Generator[Event, None, Answer]:
    spelling = mend_spelling(screened.asked, parts.known)
    understood = understand(screened.question, asked=spelling.text, vocabulary=parts.known.vocabulary)
    notices = [
        *screened.notices,
        *(f"Read “{typed}” as “{word}”." for typed, word in spelling.changes),
        *understood.notices,
    ]
    meant = understood.understanding
    since = timer.now()
    short = parts.known.asked_in(meant.text, meant.slots)
    calculated = calculate_for(meant.text, meant.slots, parts.known)
    hits = _search(meant.text, short, parts)
    timer.add("search", since)
    coverage = judge(
        short,
        meant.kind,
        hits,
        parts.known,
        floor=parts.floor,
        latest=spelling.text,
        is_story=focus(meant.text).is_vignette,
    )
    if short != meant.text:
        meant = replace(meant, notes=(*meant.notes, f"asked, in short: {short}"))
    meant = replace(meant, notes=(*meant.notes, *coverage.notes))
    if not hits and parts.approved_only:
        notices.append(NOTHING_APPROVED)
    if not coverage.is_covered:
        return _no_guidance(screened.question, meant, hits, coverage, notices, parts, timer)
    request = WriteRequest(
        question=screened.question.text,
        understood_as=meant.text,
        audience=screened.question.audience,
        jurisdiction=meant.jurisdiction,
        slots=calculated.slots,
        passages=tuple(parts.corpus.passages[hit.passage_id] for hit in hits),
        history=screened.question.history,
        scores={hit.passage_id: hit.score for hit in hits},
        likeness={hit.passage_id: hit.parts.get("cosine", hit.score) for hit in hits},
    )
    since = timer.now()
    corrections = find_corrections(
        () if understood.is_pushback else understood.assertions,
        parts.checker,
        parts.corpus,
        passage_ids=[hit.passage_id for hit in hits[:8]],
    )
    corrections = tuple(c for c in corrections if _may_be_used(parts.corpus.passages[c.passage], parts))
    timer.add("check", since)
    yield Progress("write")
    written = yield from write_checked(request, corrections, parts, writer, timer, streams=streams)
    yield Progress("finish")
    return _finish(
        screened.question,
        meant,
        understood,
        hits,
        coverage,
        written,
        (*notices, *calculated.lines, *(c.notice for c in corrections)),
        request,
        parts,
        timer,
    )


def _search(text: str, short: str, parts: Parts) -> tuple[Hit, ...]:
    """The hits of the question. A patient's story is searched by itself too: what is asked ("start steroids?") finds
    the statement, the story ("back pain, weak legs") the topic."""
    hits = parts.retriever.search(short, HITS)
    story = focus(text).story
    if story:
        hits = _merged(hits, parts.retriever.search(story, HITS))
    allowed = [
        hit
        for hit in hits
        if hit.passage_id in parts.corpus.passages and _may_be_used(parts.corpus.passages[hit.passage_id], parts)
    ]
    return tuple(hit for hit in allowed if parts.corpus.passages[hit.passage_id].section is not Section.NOT_COVERED)


def _merged(one: Sequence[Hit], other: Sequence[Hit]) -> tuple[Hit, ...]:
    """Hits of two forms of one question: the mean of both scores; what one form did not find counts as a little less
    than its last hit."""
    scores: dict[str, list[float]] = {}
    hit_of: dict[str, Hit] = {}
    for found, rest in ((one, other), (other, one)):
        least = 0.8 * rest[-1].score if rest else 0.0
        theirs = {hit.passage_id: hit.score for hit in rest}
        for hit in found:
            hit_of.setdefault(hit.passage_id, hit)
            scores[hit.passage_id] = [hit.score, theirs.get(hit.passage_id, least)]
    mean = [replace(hit_of[key], score=round(sum(pair) / 2, 6)) for key, pair in scores.items()]
    ordered = sorted(mean, key=lambda hit: (-hit.score, hit.passage_id))[:HITS]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(ordered, 1))


def _may_be_used(passage: Passage, parts: Parts) -> bool:
    if parts.board is not None and passage.guideline in parts.board.withdrawn:
        return False
    return not parts.approved_only or parts.status(passage.guideline) is ReviewStatus.APPROVED


# --------------------------------------------------------------------------- the answer


def _finish(
    question: Question,
    meant: Understanding,
    understood: Understood,
    hits: Sequence[Hit],
    coverage: Coverage,
    written: Written,
    notices: Iterable[str],
    request: WriteRequest,
    parts: Parts,
    timer: Clock,
) -> Answer:
    ordered = order_statements(written.passed)
    references, numbers = number_references(ordered, parts.corpus)
    statements = tuple(_statement(f"s{n}", entry, numbers, parts) for n, entry in enumerate(ordered, 1))
    guidance = tuple(replace(used, status=parts.status(used.id)) for used in guidance_used(ordered, parts.corpus))
    not_covered = (
        *coverage.missing,
        *_people_left_out(meant, ordered, coverage.missing, parts),
        *_corpus_gaps(meant, guidance_ids=[used.id for used in guidance], parts=parts, request=request),
    )
    if not statements:
        state = AnswerState.WITHHELD if written.withheld else AnswerState.NO_GUIDANCE
    else:
        state = AnswerState.PARTIAL if written.withheld or not_covered else AnswerState.ANSWERED
    lines = [*notices, *written.notices, *(understood.conversions if statements else ())]
    lines += _country_lines(meant, ordered, hits, request, parts)
    if state is AnswerState.NO_GUIDANCE:
        lines.append(nearest(_titles(hits, parts)))
    lines += [
        *guidance_notices(guidance, today=parts.today),
        *reference_notices(references),
        disclaimer(question.audience),
    ]
    follow_ups = (
        suggest(meant, [used.id for used in guidance], parts.known, parts.retriever, floor=parts.floor)
        if statements
        else ()
    )
    return Answer(
        state=state,
        question=question.text,
        understood_as=meant.text,
        audience=question.audience,
        jurisdiction=meant.jurisdiction,
        slots=dict(meant.slots),
        statements=statements,
        withheld=written.withheld,
        references=references,
        guidance=guidance,
        conflicts=build_conflicts(statements, parts.known),
        notices=tuple(dict.fromkeys(lines)),
        not_covered=tuple(dict.fromkeys(not_covered)),
        follow_ups=follow_ups,
        provenance=_provenance(
            parts, writer=written.draft.writer, model=written.draft.model, template=written.template
        ),
        timings_ms=timer.total(),
        understanding=meant,
        hits=tuple(hits),
        draft=written.model_draft,
    )


def _statement(statement_id: str, entry: Passed, numbers: Mapping[str, int], parts: Parts) -> Statement:
    passage = parts.corpus.passages[_main_passage(entry)]
    cited = [key for passage_id in entry.passage_ids for key in parts.corpus.passages[passage_id].citations]
    return Statement(
        id=statement_id,
        section=entry.section,
        text=entry.text,
        citations=tuple(dict.fromkeys(numbers[key] for key in cited if key in numbers)),
        claims=entry.checked.claims,
        passage=passage.id,
        jurisdiction=parts.known.jurisdiction(passage),
        evidence=passage.evidence,
        dosage=dosage_row(passage, parts.known) if entry.section in {Section.DOSING, Section.BOTTOM_LINE} else None,
    )


def _main_passage(entry: Passed) -> str:
    """The passage most claims were proven by; the first cited one when none was."""
    proven = [
        claim.source.passage
        for claim in entry.checked.claims
        if claim.source and claim.source.passage in entry.passage_ids
    ]
    return max(entry.passage_ids, key=proven.count)


def _corpus_gaps(
    meant: Understanding, *, guidance_ids: Sequence[str], parts: Parts, request: WriteRequest
) -> Iterable[str]:
    """What the guidance itself says it does not cover, where the question names it."""
    asked = read_asked(request, parts.known)
    for key in guidance_ids:
        for passage in parts.known.gaps_of.get(key, ()):
            own = parts.known.gaps[passage.id]
            if not own & asked.words - parts.known.usual_words(key):
                continue  # what the whole guideline speaks about tells no gap from another
            people = {name for name, present in circumstances(passage.text).items() if present}
            if people and not any(asked.people.get(name) for name in people):
                continue
            shared = own & asked.words
            weight = sum(map(parts.known.weight, shared)) / max(1e-9, sum(map(parts.known.weight, own)))
            if (len(shared) >= 2 and weight >= 0.3) or (any(word.startswith("=") for word in shared) and len(own) <= 6):
                yield passage.text


def _people_left_out(
    meant: Understanding, ordered: Sequence[Passed], named: Sequence[str], parts: Parts
) -> Iterable[str]:
    """The people the question names whose dose may differ, when no shown statement is about them."""
    entries = {entry.id: entry for entry in known_circumstances()}
    shown = [parts.corpus.passages[key] for entry in ordered for key in entry.passage_ids]
    for key, present in circumstances(meant.text).items():
        if key not in OWN_DOSES or not present or any(line.startswith(entries[key].name) for line in named):
            continue
        texts = (f"{p.text} {p.population or ''} {p.headings[-1] if p.headings else ''}".lower() for p in shown)
        if ordered and not any(entries[key].pattern.search(text) for text in texts):
            yield f"{entries[key].name}: nothing here is about them; do not take over what is shown for others"


def _country_lines(
    meant: Understanding, ordered: Sequence[Passed], hits: Sequence[Hit], request: WriteRequest, parts: Parts
) -> Iterable[str]:
    if meant.jurisdiction is None or not ordered:
        return ()
    known, shown = parts.known, {key for entry in ordered for key in entry.passage_ids}
    asked = read_asked(request, known)
    practice = [p for p in map(parts.corpus.passages.__getitem__, shown) if known.features[p.id].is_practice]
    guidelines = {parts.corpus.passages[key].guideline for key in shown}
    left_out = [
        passage
        for passage in (parts.corpus.passages[hit.passage_id] for hit in hits[:15])
        if passage.id not in shown
        and passage.guideline in guidelines
        and known.features[passage.id].is_practice
        and (not asked.drugs or names_drug(known.features[passage.id], asked))
    ]
    return country_notices(
        meant.jurisdiction,
        shown=sorted(known.jurisdiction(passage) or "" for passage in practice),
        left_out=[known.jurisdiction(passage) or "" for passage in left_out],
    )


def _titles(hits: Sequence[Hit], parts: Parts) -> list[str]:
    guidelines = dict.fromkeys(parts.corpus.passages[hit.passage_id].guideline for hit in hits)
    return [parts.corpus.guidelines[key].title for key in list(guidelines)[:3]]


def _no_guidance(
    question: Question,
    meant: Understanding,
    hits: Sequence[Hit],
    coverage: Coverage,
    notices: Sequence[str],
    parts: Parts,
    timer: Clock,
) -> Answer:
    unknown = (
        *(f"{name}: no drug of this name is in the corpus" for name in coverage.unknown_drugs),
        *coverage.missing,
    )
    lines = (
        *notices,
        *(f"“{name}” is not known here; nothing near it is answered instead." for name in coverage.unknown_drugs),
        nearest(_titles(hits, parts)),
    )
    ended = _ended(question, AnswerState.NO_GUIDANCE, (*lines, disclaimer(question.audience)), parts, timer)
    return replace(
        ended,
        understood_as=meant.text,
        jurisdiction=meant.jurisdiction,
        slots=dict(meant.slots),
        not_covered=tuple(dict.fromkeys(unknown)),
        understanding=meant,
        hits=tuple(hits),
    )


def _ended(question: Question, state: AnswerState, notices: Sequence[str], parts: Parts, timer: Clock) -> Answer:
    """An answer without statements."""
    return Answer(
        state=state,
        question=question.text,
        understood_as=question.text,
        audience=question.audience,
        jurisdiction=question.jurisdiction,
        slots={},
        statements=(),
        withheld=(),
        references=(),
        guidance=(),
        conflicts=(),
        notices=tuple(notices),
        not_covered=(),
        follow_ups=(),
        provenance=_provenance(parts, writer="none", model=None, template=""),
        timings_ms=timer.total(),
    )


def _provenance(parts: Parts, *, writer: str, model: str | None, template: str) -> Provenance:
    return Provenance(
        corpus=parts.corpus.digest,
        rules=parts.corpus.rules_digest,
        writer=writer,
        template=template,
        assistant=parts.version,
        model=model,
    )
