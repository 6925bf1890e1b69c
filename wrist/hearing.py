"""Takes one message into the case: findings and time.

What it answers is in answering.py, what it tells of somebody else in others.py.
"""

from datetime import datetime, timedelta

from wrist import ages, answering, clock, doubts, others, rules, safety, screen, triage
from wrist.case import Case, News
from wrist.findings import KNOWN, LIKENESS, TALK, Entity, Finding, Reading, own, said
from wrist.library import Library
from wrist.models import Assertion, Disposition

FORGET_AFTER = timedelta(hours=12)
LONG_AFTER_DAYS = 14
RECENT_WITHIN_DAYS = 3
DEEP_TISSUE = "wants_deep_tissue"
DETAILS = ("onset_days", "location", "trigger")
MASSAGES = frozenset({"self_massage", "retrograde_massage"})
NEVER_LOWERED = (Assertion.PRESENT, Assertion.UNCERTAIN)


def hear(
    case: Case, reading: Reading, library: Library, intent: str | None = None
) -> Case:
    """The case after this message; its disposition is never less urgent than before.

    The intent is only asked whether a question was refused or left open, never
    whether something is denied.
    """
    reading = others.about(case, _with_evasion(reading, intent))
    reading = doubts.without_guesses(case, reading, library)
    reading = _without_correction(case, reading)
    heard = _take_in(case, reading, library, intent)
    weighed = doubts.weighed(case, heard, reading, library)
    if weighed is reading:
        return heard
    return _take_in(case, weighed, library, intent)


def _take_in(
    case: Case, reading: Reading, library: Library, intent: str | None
) -> Case:
    before = _another_day(case, library).but(news=News(language=reading.language))
    heard = _answer_flag(before, reading, library)
    heard = _remember(heard, reading)
    if before.asked_flag is None:  # else the yes or no was about the flag
        heard = answering.answer_question(heard, reading, library, intent)
    heard = _derive(heard, library)
    heard = others.take_in(heard, reading, library)
    heard = screen.complete(heard, library)
    stop_signs = _stop_signs(heard, reading, library)
    if stop_signs:
        heard = _end_session(heard)
    heard = triage.assess(heard, library)
    barred = heard.in_session and _is_barred(heard, library)
    if barred:
        heard = heard.but(step=None, paused=False, thread=None)
    heard = _ask_about_unclear(heard, reading, library)
    heard = _with_news(before, heard, stop_signs, reading, library)
    return heard.but(news=heard.news.copy(update={"barred": barred}))


def _without_correction(case: Case, reading: Reading) -> Reading:
    """The "no" of "no, the right one" corrects the side and answers nothing else."""
    told = (e.value for e in reading.entities if e.entity == "side" and e.role is None)
    if case.side is None or all(side == case.side for side in told):
        return reading
    left = tuple(f for f in reading.findings if f.id != "answer_no")
    return reading.copy(update={"findings": left})


def _is_barred(case: Case, library: Library) -> bool:
    """Whether something told in a massage forbids it; a flag that is unclear waits."""
    known = case.but(asked_flag=None)
    return bool(safety.barred(known, library, case.technique or safety.DEFAULT))


def _with_evasion(reading: Reading, intent: str | None) -> Reading:
    """Adds "not sure" or a refusal that only the intent understood."""
    evasion = answering.EVASIONS.get(intent or "")
    if evasion is None or any(f.id in TALK for f in reading.findings):
        return reading
    added = Finding(id=evasion, status=Assertion.PRESENT, text=evasion, start=0, end=0)
    return reading.copy(update={"findings": (*reading.findings, added)})


def _another_day(case: Case, library: Library) -> Case:
    """Forgets what was not consented to; another day opens a new check."""
    now = clock.now()
    today = now.date().isoformat()
    fresh = case.but(last_seen=now.isoformat(timespec="seconds"))
    if case.started_on is None:
        fresh = fresh.but(started_on=today)
    if case.last_seen and now - datetime.fromisoformat(case.last_seen) > FORGET_AFTER:
        if not case.consent:
            return Case(started_on=today, last_seen=fresh.last_seen)
        lasting = {f: s for f, s in case.findings.items() if f in library.lasting}
        return fresh.but(
            findings=lasting, onsets={}, answers={}, asks={}, screen_complete=False,
            thread="return", pending=None, detail=None, asked_flag=None, technique=None,
            step=None, paused=False, pain_before=None, pain_after=None, pain_score=None,
            onset_days=None, injury=None,
        )  # fmt: skip
    if case.screened_on and case.screened_on != today:
        left = {f: s for f, s in case.findings.items() if f != safety.STOPPED_TODAY}
        return fresh.but(screen_complete=False, answers={}, asks={}, findings=left)
    return fresh


def _answer_flag(case: Case, reading: Reading, library: Library) -> Case:
    """What is not a clear no to the question about a flag counts as yes."""
    if case.asked_flag is None:
        return case
    flag = library.red_flags[case.asked_flag]
    about = rules.findings_of(flag)
    denied = [f for f in own(reading) if f.status is Assertion.ABSENT and f.id in about]
    refused = said(reading, "answer_refuse")
    no = said(reading, "answer_no") or said(reading, "all_fine") or denied
    passed = flag.even_if_gone and said(reading, "answer_gone")
    clear_no = bool(no) and not refused and not passed
    status = Assertion.ABSENT if clear_no else Assertion.PRESENT
    settled = {
        finding: Assertion.ABSENT
        for finding, old in case.findings.items()
        if clear_no and old is Assertion.UNCERTAIN
    }
    return case.but(
        asked_flag=None,
        findings={**case.findings, **settled, flag.id: status},
        news=case.news.copy(update={"resolved_flag": flag.id if clear_no else None}),
    )


def _remember(case: Case, reading: Reading) -> Case:
    findings, onsets = dict(case.findings), dict(case.onsets)
    for one in own(reading):
        if one.id in TALK - {"checked_before"}:
            continue
        unsure = one.status is Assertion.UNCERTAIN
        if unsure and findings.get(one.id) is Assertion.PRESENT:
            continue  # "is it a stroke?" takes back nothing that was said
        if unsure and one.by == LIKENESS and one.id in case.findings:
            continue  # it was asked about once, and denied
        if one.status in KNOWN or one.id not in findings:
            findings[one.id] = one.status
        if one.onset_days is not None and one.status in NEVER_LOWERED:
            onsets[one.id] = one.onset_days
    known = case.but(
        findings=findings,
        onsets=onsets,
        sounds_like=(*case.sounds_like, *_sounds_like(case, reading)),
    )
    for entity in reading.entities:
        known = _fill(known, entity)
    return known


def _sounds_like(case: Case, reading: Reading) -> list[str]:
    """The flags that the message only sounds like: the second detector raised them."""
    alike = [
        one.id
        for one in own(reading)
        if one.by == LIKENESS and one.status is Assertion.PRESENT
    ]
    return [flag for flag in dict.fromkeys(alike) if flag not in case.sounds_like]


def _fill(case: Case, entity: Entity) -> Case:
    """An entity into its slot; what is said of somebody else fills none."""
    value = entity.value
    if entity.role == "bare" and entity.entity == "pain_score":
        asked = screen.active(case) == "pain_now" or screen.active(case) == "stop_check"
        return case.but(pain_score=int(value)) if asked else case
    if entity.role is not None:
        return case
    if entity.entity == "duration":
        longest = max(float(value), case.onset_days or 0.0)
        return case.but(onset_days=longest)
    if entity.entity in {"age", "pain_score"}:
        return case.but(**{entity.entity: int(value)})
    if entity.entity in {"side", "location", "trigger", "injury"}:
        return case.but(**{entity.entity: str(value)})
    return case


def _derive(case: Case, library: Library) -> Case:
    """Findings that follow from numbers and from other findings."""
    findings = dict(case.findings)
    if case.age is not None:
        findings |= ages.bands(case.age)
    lasts = case.onset_days is not None and case.onset_days > LONG_AFTER_DAYS
    if lasts and _complains(case, library):
        findings.setdefault("long_duration", Assertion.PRESENT)
    hurt = any(
        case.has(f) for f in ("injury", "fall", "fall_on_hand", "knock", "twist")
    )
    if hurt:
        findings["injury"] = Assertion.PRESENT
        if case.onset_days is not None:
            recent = case.onset_days <= RECENT_WITHIN_DAYS
            if recent:
                findings["recent_injury"] = Assertion.PRESENT
            findings.setdefault("recent_injury", Assertion.ABSENT)
    if any(case.has(f) for f in library.condition_findings):
        findings.setdefault("conditions", Assertion.PRESENT)
    return case.but(findings=findings)


def _complains(case: Case, library: Library) -> bool:
    """Whether anything is felt, or the check is open, that a time could belong to."""
    person = library.lasting | {"adult", "overuse", "conditions", "medicines"}
    return bool(case.present - person or case.asks or case.location)


def _ask_about_unclear(case: Case, reading: Reading, library: Library) -> Case:
    """One question about an emergency finding that the message left unclear."""
    flag = triage.unclear_flag(case, library)
    if flag is None or flag.level.rank >= case.disposition.rank:
        return case
    known = case.findings.get(flag.id) in (Assertion.PRESENT, Assertion.ABSENT)
    return case if case.asked_flag or known else case.but(asked_flag=flag.id)


def _end_session(case: Case) -> Case:
    """A stop sign ends the massage, and triage learns that it came from the massage."""
    marks = dict.fromkeys(("during_massage", safety.STOPPED_TODAY), Assertion.PRESENT)
    findings = {**case.findings, **marks}
    return case.but(step=None, paused=False, thread=None, findings=findings)


def _with_news(
    before: Case,
    after: Case,
    stop_signs: tuple[str, ...],
    reading: Reading,
    library: Library,
) -> Case:
    """Notes what this message brought, for the reply."""
    hypothetical = tuple(
        f.id for f in own(reading) if f.status is Assertion.HYPOTHETICAL
    )
    known = {o.person: o for o in before.other_cases}
    changed = [
        o.person
        for o in after.other_cases
        if o.disposition.at_least(Disposition.GP_SOON) and known.get(o.person) != o
    ]
    old_level = {
        o.flag.id: o.level
        for o in triage.fired_flags(library.evidence(before.findings), library)
    }
    news = News(
        red_flags=tuple(
            one.flag.id
            for one in triage.fired_flags(
                library.evidence(after.findings), library, after
            )
            if one.flag.id not in before.red_flags
            or old_level.get(one.flag.id, one.level).rank > one.level.rank
        ),
        contraindications=_new_contraindications(before, after, reading, library),
        stop_signs=stop_signs,
        hypothetical=hypothetical,
        other=changed[-1] if changed else None,
        answered=tuple(q for q in after.answers if q not in before.answers),
        language=reading.language,
        resolved_flag=after.news.resolved_flag,
        side=before.side not in (None, after.side),
        detail=any(getattr(before, d) != getattr(after, d) for d in DETAILS),
        corrected=any(
            before.findings.get(f) is Assertion.ABSENT and after.has(f)
            for f in after.findings
        ),
    )
    return after.but(news=news)


def _new_contraindications(
    before: Case, after: Case, reading: Reading, library: Library
) -> tuple[str, ...]:
    """Reasons not to massage that are new, or asked for just now."""
    wish = frozenset({DEEP_TISSUE} if said(reading, DEEP_TISSUE) else ())
    old = {item.id for item in library.applying(before)}
    return tuple(
        item.id
        for item in library.applying(after, wish)
        if item.id not in old and MASSAGES & set(item.applies_to)
    )


def _stop_signs(case: Case, reading: Reading, library: Library) -> tuple[str, ...]:
    """Stop signs that the message names while a massage runs."""
    if not case.in_session:
        return ()
    now = {f.id for f in own(reading) if f.status in NEVER_LOWERED}
    if safety.rose(case):
        now.add("getting_worse")
    return tuple(s.id for s in library.stop_signs.values() if rules.holds(s.when, now))
