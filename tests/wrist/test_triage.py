"""What people say leads to the right level; an emergency stays one."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wrist.conversation import Conversation, content
from wrist import library, triage
from wrist.case import Case
from wrist.findings import Finding, Reading
from wrist.models import Assertion, Disposition, When

TABLE = yaml.safe_load((Path(__file__).parent / "triage_cases.yml").read_text("utf-8"))
ROWS = [
    pytest.param(row, id=f"{group}: {row['says'][-1][:60]}")
    for group, rows in TABLE.items()
    for row in rows
]
LIBRARY = library.load()
PRESENT = Assertion.PRESENT
ALL_FINDINGS = sorted(
    {f for flag in LIBRARY.red_flags.values() for row in flag.when.any_of for f in row}
    | {f for question in LIBRARY.questions.values() for f in question.covers}
    | set(LIBRARY.lasting)
)
ANYTHING = st.dictionaries(
    st.sampled_from(ALL_FINDINGS), st.sampled_from(list(Assertion)), max_size=12
)
URGENT = [
    flag
    for flag in LIBRARY.red_flags.values()
    if flag.level.at_least(Disposition.EMERGENCY_DEPARTMENT)
]


@pytest.mark.parametrize("row", ROWS)
def test_what_is_said_leads_to_the_level_in_the_table(row: dict[str, Any]) -> None:
    talk = Conversation()
    for text in row["says"]:
        talk.say(text)
    found, wanted = talk.case.disposition, Disposition(row["level"])
    if row.get("or_more"):
        assert found.at_least(wanted), (found, talk.case.findings)
    else:
        assert found is wanted, (talk.case.red_flags, talk.case.findings)
    assert set(row.get("flags", ())) <= set(talk.case.red_flags)
    assert not set(row.get("not_flags", ())) & set(talk.case.red_flags)
    if "other" in row:
        others = {o.person: o.disposition.value for o in talk.case.other_cases}
        assert others == {row["other"]["person"]: row["other"]["level"]}
    if "advice" in row:
        talk.say("start the massage", "request_massage")
        if talk.question == "pain_now":
            talk.say("2", "give_pain_score")
        assert talk.case.in_session is row["advice"], talk.text


def fired(findings: dict[str, Assertion]) -> list[triage.FiredFlag]:
    return triage.fired_flags(LIBRARY.evidence(findings), LIBRARY)


def rows_of(when: When) -> list[frozenset[str]]:
    rows = list(when.any_of)
    if when.at_least:
        rows.append(frozenset(sorted(when.of)[: when.at_least]))
    return rows


@pytest.mark.parametrize("flag", LIBRARY.red_flags.values(), ids=lambda flag: flag.id)
def test_every_row_of_a_red_flag_fires_it(flag: Any) -> None:
    """Each row fires the flag at its own level or one more urgent."""
    for row in rows_of(flag.when):
        assert flag.id in {one.flag.id for one in fired(dict.fromkeys(row, PRESENT))}, (
            row
        )
    for variant in flag.variants:
        for row in rows_of(variant.when):
            found = [o for o in fired(dict.fromkeys(row, PRESENT)) if o.flag is flag]
            assert found, row


@pytest.mark.parametrize("flag", LIBRARY.red_flags.values(), ids=lambda flag: flag.id)
def test_no_red_flag_fires_on_what_is_denied_over_or_supposed(flag: Any) -> None:
    quiet = (Assertion.ABSENT, Assertion.HYPOTHETICAL, Assertion.OTHER_PERSON)
    for row in rows_of(flag.when):
        for status in quiet:
            assert not fired(dict.fromkeys(row, status)), (row, status)


def test_fired_flags_come_most_urgent_first() -> None:
    findings = dict.fromkeys(
        ["blue_hand", "heat", "swelling", "long_duration"], PRESENT
    )
    ranks = [one.level.rank for one in fired(findings)]
    assert len(ranks) > 1 and ranks == sorted(ranks)


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(URGENT), st.data(), ANYTHING)
def test_an_emergency_stays_one_whatever_else_is_answered(
    flag: Any, data: st.DataObject, others: dict[str, Assertion]
) -> None:
    row = data.draw(st.sampled_from(rows_of(flag.when)))
    alone = Case(findings=dict.fromkeys(row, PRESENT))
    least = triage.assess(alone, LIBRARY).disposition
    # What the row's own rule says must be away ("always been like that") is left out,
    # and what makes it a milder case by another rule of the flag ("for a long time").
    unless = set(flag.when.unless)
    for variant in flag.variants:
        unless |= variant.when.unless
        if not variant.level.at_least(flag.level):
            unless |= set().union(*rows_of(variant.when)) - set(row)
    rest = {
        name: status
        for name, status in others.items()
        if not (LIBRARY.evidence({name: status}) & unless)
    }
    both = Case(findings={**rest, **dict.fromkeys(row, PRESENT)})
    found = triage.assess(both, LIBRARY).disposition
    assert found.at_least(Disposition.EMERGENCY_DEPARTMENT) or found.at_least(least), (
        row,
        rest,
    )


def message(findings: dict[str, Assertion]) -> Reading:
    return Reading(
        findings=tuple(
            Finding(id=name, status=status, text=name, start=0, end=1)
            for name, status in findings.items()
        )
    )


TALK = st.sampled_from(
    [
        "answer_yes",
        "answer_no",
        "answer_unsure",
        "all_fine",
        "nothing_changed",
        "answer_refuse",
    ]
)
MESSAGES = st.lists(
    st.one_of(
        ANYTHING.map(message),
        TALK.map(lambda name: message({name: PRESENT})),
        st.just(message({})),
    ),
    max_size=8,
)
INTENTS = st.sampled_from(
    [
        "inform_details",
        "deny",
        "affirm",
        "request_massage",
        "nlu_fallback",
        "greet",
        "insult",
        "doubt_advice",
        "report_improvement",
        "stop_massage",
        "next_step",
        "say_dont_know",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(MESSAGES, INTENTS), min_size=1, max_size=3))
def test_nothing_but_a_complete_new_check_lowers_the_level(
    turns: list[tuple[list[Reading], str]],
) -> None:
    talk = Conversation()
    for readings, intent in turns:
        for reading in readings:
            before = talk.case
            talk.hear(reading, "words", intent)
            after = talk.case
            lowered = not after.disposition.at_least(before.disposition)
            assert not lowered or (before.rechecking and after.screen_complete), (
                before.disposition,
                after.disposition,
            )


@settings(max_examples=200, deadline=None)
@given(MESSAGES, INTENTS)
def test_massage_never_starts_unless_checked_today(
    readings: list[Reading], intent: str
) -> None:
    talk = Conversation()
    asking = message({"asks_massage": PRESENT})
    for reading in [*readings, asking, message({})]:
        talk.hear(reading, "words", "request_massage" if reading is asking else intent)
        if talk.case.in_session:
            assert talk.case.screen_complete
            assert not talk.case.disposition.at_least(Disposition.SAME_DAY)
            assert not talk.case.asked_flag


@settings(max_examples=200, deadline=None)
@given(MESSAGES, INTENTS)
def test_every_reply_has_at_most_sixty_words(
    readings: list[Reading], intent: str
) -> None:
    from wrist.render import count_words

    talk = Conversation()
    for reading in readings:
        talk.hear(reading, "words", intent)
        if "multi_card" not in talk.items:
            assert count_words(talk.text) <= 60, talk.text


def test_a_recheck_lowers_only_when_it_is_complete() -> None:
    talk = Conversation().say("my wrist is hot and swollen")
    assert talk.case.disposition is Disposition.SAME_DAY
    talk.say("please check me again", "request_check")
    assert talk.case.disposition is Disposition.SAME_DAY
    talk.say("no injury")
    assert talk.case.disposition is Disposition.SAME_DAY
    talk.say("no swelling, not hot or red any more, no fever, i feel well, no numbness")
    talk.say("skin is fine, no conditions, no medicines, i'm 30")
    assert talk.case.disposition is Disposition.SELF_CARE, talk.case


def test_one_denial_does_not_lower_an_emergency() -> None:
    talk = Conversation().say("my fingers are blue and cold")
    talk.say("no they are fine now, not blue")
    assert talk.case.disposition is Disposition.EMERGENCY_AMBULANCE


def test_the_leading_flag_is_the_one_that_set_the_level() -> None:
    talk = Conversation().say("my wrist is hot, red and swollen and i have a fever")
    leading = triage.leading(talk.case, content())
    assert leading and leading.flag.id == "rf_septic_joint"


def test_an_injury_beside_a_crisis_has_a_level_of_its_own() -> None:
    talk = Conversation().say("im 12 and my wrist hurts cos he twisted it again")
    assert talk.case.disposition is Disposition.SAFEGUARDING
    assert talk.case.injury_disposition
    assert talk.case.injury_disposition.at_least(Disposition.SAME_DAY)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("my wrist has hurt for 3 weeks", "gone on for more than two weeks"),
        ("my wrist hurts and it is getting worse", "it is getting worse"),
        ("my wrist aches and i can't work", "it stops normal life"),
        ("my wrist hurts, nothing has helped", "it has not got better"),
    ],
)
def test_the_reason_is_what_was_told_and_no_more(text: str, reason: str) -> None:
    case = Conversation().say(text).case
    assert case.red_flags == ("rf_not_improving",)
    [told] = triage.standing_reasons(case, LIBRARY)
    assert reason in told
