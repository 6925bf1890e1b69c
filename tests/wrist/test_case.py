"""The case goes into slots and comes out of them unchanged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from wrist.case import Case, News, OtherCase, PainScore, jsonable
from wrist.models import Assertion, Disposition

FULL = Case(
    disposition=Disposition.SAME_DAY,
    red_flags=("rf_bite",),
    findings={"bite": Assertion.PRESENT, "fever": Assertion.ABSENT},
    onsets={"bite": 1.0},
    other_cases=(OtherCase(person="sister", disposition=Disposition.GP_SOON),),
    family={"mother": {"gout": Assertion.PRESENT}},
    news=News(red_flags=("rf_bite",)),
    pain_record=(PainScore(on="2026-11-20", technique="self_massage", before=3),),
    skipped=(1, 2),
    side="left",
    age=40,
    consent=True,
)


@pytest.mark.parametrize("case", [Case(), FULL])
def test_a_case_survives_its_slots(case: Case) -> None:
    stored = json.loads(json.dumps(case.to_slots()))
    assert Case.from_slots(stored) == case


def test_slots_hold_json_only() -> None:
    slots = FULL.to_slots()
    assert slots["disposition"] == "same_day"
    assert slots["other_cases"][0]["person"] == "sister"
    assert set(slots) == set(Case.__fields__)


def test_empty_and_foreign_slots_take_the_defaults() -> None:
    slots = {"disposition": None, "requested_slot": "x", "session_started_metadata": {}}
    assert Case.from_slots(slots) == Case()


def test_what_is_no_disposition_is_refused() -> None:
    with pytest.raises(ValidationError):
        Case.from_slots({"disposition": "healthy"})


def test_changes_are_only_what_differs() -> None:
    assert Case().changes_since(Case()) == {}
    assert FULL.but(step=2).changes_since(FULL) == {"step": 2}
    assert FULL.but(side=None).changes_since(FULL) == {"side": None}


def test_a_case_never_changes() -> None:
    case = Case()
    assert case.but(step=1).in_session and not case.in_session
    with pytest.raises(TypeError):
        case.step = 1


def test_only_present_findings_are_had() -> None:
    assert FULL.has("bite") and not FULL.has("fever") and not FULL.has("heat")
    assert FULL.present == {"bite"}


@given(
    st.dictionaries(st.text(min_size=1), st.sampled_from(list(Assertion)), max_size=5),
    st.one_of(st.none(), st.integers(0, 10)),
)
def test_any_case_survives_its_slots(
    findings: dict[str, Assertion], score: int | None
) -> None:
    case = Case(findings=findings, pain_score=score)
    assert Case.from_slots(json.loads(json.dumps(case.to_slots()))) == case


def test_dispositions_are_ordered_by_urgency() -> None:
    names = "emergency_ambulance crisis safeguarding emergency_department same_day"
    names += " gp_soon self_care unassessed info_only"
    assert [level.value for level in Disposition] == names.split()
    for more, less in zip(Disposition, list(Disposition)[1:], strict=False):
        assert more.at_least(less) and not less.at_least(more)
        assert more.at_least(more)


def test_enums_and_models_become_plain_values() -> None:
    value = {"a": (Disposition.CRISIS, News()), "b": {Assertion.PAST: {1}}}
    assert json.dumps(jsonable(value))
