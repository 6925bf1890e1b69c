"""What a message is and does, beside what was known: the rows of dialogue.ORDER."""

from typing import NamedTuple

from wrist import screen
from wrist.answering import EVASIONS, MAY_ANSWER
from wrist.case import Case
from wrist.findings import KNOWN, TALK, Reading, own, said
from wrist.library import Library
from wrist.models import Disposition
from wrist.others import answers_for_another

READY = frozenset({"affirm", "next_step", "resume_massage"})
QUESTION, OUT_OF_SCOPE = "faq", "out_of_scope"
NOT_UNDERSTOOD = frozenset({None, "nlu_fallback", OUT_OF_SCOPE})
MASSAGE_REQUESTS = frozenset(
    {"request_massage", "request_short_massage", "request_retrograde_massage"}
)
ABOUT_MASSAGE = MASSAGE_REQUESTS | {"cite_article", QUESTION}
# What may be answered while danger stands; the standing advice is added to each.
SERVICE = frozenset(
    {"ask_source", "ask_for_more", "explain_advice", "ask_why_question", "thank"}
    | {"ask_certainty"}
    | {"bot_challenge", "request_human", "request_summary", "ask_stored_data"}
    | {"delete_data", "ask_emergency_number", "give_consent", "withdraw_consent"}
    | {"change_language", "goodbye", "give_positive_feedback"}
    | {"give_negative_feedback"}
)
ABOUT_WRISTS = frozenset(
    {"faq", "cite_article", "request_check", "request_referral", "greet", "insult"}
)
NO_WRIST_TALK = frozenset(
    {Disposition.EMERGENCY_AMBULANCE, Disposition.CRISIS, Disposition.SAFEGUARDING}
)


class Turn(NamedTuple):
    """One message with the case before it and after it."""

    before: Case
    case: Case
    reading: Reading
    text: str
    intent: str | None
    library: Library

    @property
    def understood(self) -> bool:
        return self.intent not in NOT_UNDERSTOOD

    @property
    def tells(self) -> bool:
        """Whether the message states findings rather than asks."""
        return self.states and not self.reading.is_question

    @property
    def states(self) -> bool:
        """Whether the message says anything of the user's own findings."""
        return any(f.id not in TALK and f.status in KNOWN for f in own(self.reading))

    @property
    def settled(self) -> set[str]:
        """The questions that the message answers."""
        old = self.before.answers
        return {q for q, state in self.case.answers.items() if old.get(q) != state}

    @property
    def has_letters(self) -> bool:
        return any(character.isalnum() for character in self.text)

    @property
    def told(self) -> set[str]:
        """Findings of the user's own, in whatever status."""
        return {f.id for f in own(self.reading) if f.id not in TALK}

    @property
    def asks_for_massage(self) -> bool:
        return self.says("asks_massage") or self.intent in MASSAGE_REQUESTS

    def says(self, finding: str) -> bool:
        return said(self.reading, finding)

    def is_empty(self) -> bool:
        return not self.text.strip() and not self.reading.findings

    def is_marks(self) -> bool:
        """Punctuation, or an emoji that nobody knows."""
        return not self.has_letters and not self.reading.findings

    def is_danger(self) -> bool:
        """Whether the message brings danger that was not known."""
        rose = self.case.disposition is not self.before.disposition
        return self.danger_stands() and (rose or bool(self.case.news.red_flags))

    def is_foreign(self) -> bool:
        return self.reading.language != "en"

    def is_foreign_danger(self) -> bool:
        return self.is_danger() and self.is_foreign()

    def names_a_stop_sign(self) -> bool:
        return bool(self.case.news.stop_signs)

    def ends_the_massage(self) -> bool:
        """Whether something that was told in a massage forbids it."""
        return self.case.news.barred

    def is_ready(self) -> bool:
        """ "Yes", "next" or a request, where the pain before a massage is asked."""
        ready = self.says("answer_yes") or self.intent in READY
        open_now = screen.active(self.before) == "pain_now" and not self.scores()
        return open_now and self.before.thread != "after" and ready

    def brings_another_case(self) -> bool:
        return bool(self.case.news.other)

    def tells_of_the_other(self) -> bool:
        """Whether the message speaks of somebody else, who was asked after, alone."""
        if self.before.detail != screen.OTHER_DETAIL or self.reading.is_question:
            return False
        roles = [entity.role == "other_person" for entity in self.reading.entities]
        meant = self.intent in MAY_ANSWER.union(EVASIONS)
        answers = meant and answers_for_another(self.before, self.reading)
        return answers or (any(roles) and not self.told)

    def asks_on_about_the_other(self) -> bool:
        """Whether it goes on about somebody who was sent to be seen today or now."""
        others = self.before.other_cases
        urgent = others and others[-1].disposition.at_least(Disposition.SAME_DAY)
        unclear = not self.understood and self.reading.is_question
        asks = self.asks_for_massage or unclear
        asked = self.before.detail == screen.OTHER_DETAIL and asks
        asked = asked or (self.speaks_of_another and not self.tells_of_the_other())
        return bool(urgent) and asked and not self.states

    @property
    def speaks_of_another(self) -> bool:
        """Whether the message is about somebody else alone."""
        return self.reading.names_other and not self.reading.names_writer

    def leaves_a_flag_unclear(self) -> bool:
        flag = self.case.asked_flag
        return bool(flag) and flag != self.before.asked_flag

    def confirms_to_delete(self) -> bool:
        open_now = self.before.detail == "confirm_delete"
        return open_now and "confirm_delete" in self.case.news.answered

    def danger_stands(self) -> bool:
        return self.case.disposition.at_least(Disposition.SAME_DAY)

    def answers_under_danger(self) -> bool:
        answered = bool(self.case.pending and self.case.news.answered)
        return self.danger_stands() and answered

    def may_be_answered_under_danger(self) -> bool:
        grave = self.case.disposition in NO_WRIST_TALK
        allowed = SERVICE if grave else SERVICE | ABOUT_WRISTS
        harmless = not self.tells and not self.says("asks_massage")
        return self.danger_stands() and self.intent in allowed and harmless

    def is_emoji(self) -> bool:
        return not self.has_letters and not self.case.news.answered

    def starts_what_was_checked(self) -> bool:
        return self.says("asks_massage") and self.says("checked_before")

    def is_question(self) -> bool:
        """An answer names by itself a reason not to massage."""
        return self.intent == QUESTION and not self.before.pending

    def is_elsewhere(self) -> bool:
        """Whether a message is about something else, for all that its words say."""
        if self.intent == OUT_OF_SCOPE:
            return not self.case.has("pain")
        return (
            not self.understood
            and self.reading.is_question
            and not self.before.findings
            and self.told <= set(self.library.levels.need_company)
        )

    def supposes_danger(self) -> bool:
        """Whether what is supposed, if it were true, would forbid massage and heat."""
        if self.intent == OUT_OF_SCOPE or self.is_elsewhere():
            return False
        danger = self.library.levels.danger_findings
        return any(finding in danger for finding in self.case.news.hypothetical)

    def meets_a_contraindication(self) -> bool:
        asked = self.says("asks_massage") or self.says("wants_deep_tissue")
        massage = self.intent in ABOUT_MASSAGE or bool(self.case.wanted)
        met = bool(self.case.news.contraindications) and (asked or massage)
        return met and not (self.before.pending and self.answers())

    def wants_to_start(self) -> bool:
        """ "Yes", "start" or a request, where "shall we start?" is open."""
        agreed = self.case.answers.get("start_now") == "answered_yes"
        open_now = screen.active(self.before) == "start_now"
        return open_now and (agreed or self.asks_for_massage)

    def scores(self) -> bool:
        return screen.active(self.before) == "pain_now" and "pain_now" in self.settled

    def scores_after(self) -> bool:
        compared = self.before.detail == "worse_after" and "worse_after" in self.settled
        return compared or (self.scores() and self.before.thread == "after")

    def scores_before(self) -> bool:
        wanted = self.before.wanted or self.intent in MASSAGE_REQUESTS
        return self.scores() and bool(wanted)

    def answers(self) -> bool:
        answered = screen.active(self.before) in self.settled
        return answered and (self.intent != "cite_article" or self.scores())

    def is_rude(self) -> bool:
        """Rude words; beside a complaint they count where its length is known."""
        heard = self.case.onset_days is not None and not self.before.pending
        return self.says("insult") and (heard or not self.tells)

    def goes_on_telling(self) -> bool:
        return bool(self.before.pending) and self.tells

    def gives_details(self) -> bool:
        """Whether a side, an age or the like came while the check is open."""
        mine = [one for one in self.reading.entities if one.role is None]
        return bool(self.before.pending and mine) and not self.reading.is_question

    def wants_massage(self) -> bool:
        return not self.understood and self.says("asks_massage")

    def tells_something(self) -> bool:
        return not self.understood and self.states and not self.is_elsewhere()
