"""An emergency in another language is found, and answered in that language."""

import pytest
import yaml

from tests.wrist.conversation import Conversation, lexicon
from wrist.library import CONTENT, Library
from wrist.models import Assertion, Disposition

WORDS = yaml.safe_load((CONTENT / "emergency_words.yml").read_text(encoding="utf-8"))
LANGUAGES = {one["code"]: one for one in WORDS["languages"]}
# What somebody might write: of each language an injury, lost blood flow, and a crisis.
SAID = [
    ("es", "me caí y tengo la muñeca torcida", "rf_deformity"),
    ("es", "tengo los dedos azules y muy fríos", "rf_cold_pale_blue"),
    ("es", "ya no puedo más, quiero morir", "rf_suicide_selfharm"),
    ("fr", "je suis tombé et mon poignet est tordu", "rf_deformity"),
    ("fr", "mes doigts sont bleus et la main est froide", "rf_cold_pale_blue"),
    ("fr", "je suis si triste, je veux mourir", "rf_suicide_selfharm"),
    ("de", "ich bin gestürzt und mein Handgelenk ist krumm", "rf_deformity"),
    ("de", "meine Finger sind blau und die Hand ist eiskalt", "rf_cold_pale_blue"),
    ("de", "es ist alles so schwer, ich will sterben", "rf_suicide_selfharm"),
    ("hi", "main gir gaya aur mera haath tedha ho gaya hai", "rf_deformity"),
    ("hi", "मेरा हाथ नीला और ठंडा है", "rf_cold_pale_blue"),
    ("hi", "मुझे बहुत दुख है, मैं मरना चाहता हूं", "rf_suicide_selfharm"),
    ("pl", "przewróciłem się i mój nadgarstek jest krzywy", "rf_deformity"),
    ("pl", "mam sine palce i ręka jest zimna", "rf_cold_pale_blue"),
    ("pl", "jest mi bardzo źle, chcę umrzeć", "rf_suicide_selfharm"),
    ("pt", "eu caí e o meu pulso está torto", "rf_deformity"),
    ("pt", "tenho os dedos roxos e a mão fria", "rf_cold_pale_blue"),
    ("pt", "estou muito triste, quero morrer", "rf_suicide_selfharm"),
]
PHRASES = [
    pytest.param(code, phrase, finding, id=f"{code} {phrase}")
    for code, language in LANGUAGES.items()
    for phrase, finding in language["finding"].items()
]


def test_there_are_sentences_of_every_language(content: Library) -> None:
    assert {code for code, _, _ in SAID} == set(LANGUAGES) == set(content.languages)


@pytest.mark.parametrize(("code", "text", "flag"), SAID)
def test_an_emergency_gets_the_card_of_its_language(
    content: Library, code: str, text: str, flag: str
) -> None:
    said = Conversation().say(text, intent="out_of_scope")
    assert flag in said.case.red_flags
    assert said.case.disposition.at_least(Disposition.EMERGENCY_DEPARTMENT)
    assert said.action == "utter_language_card"
    [message] = said.messages
    card = content.languages[code].card
    assert message.custom["language"] == said.case.language == code
    assert message.custom["level"] == said.case.disposition.value
    assert message.text.startswith(card.heading)
    assert "999" in message.text and len(message.custom["points"]) == len(card.points)


@pytest.mark.parametrize("code", LANGUAGES)
def test_after_the_card_massage_is_refused_in_that_language(
    content: Library, code: str
) -> None:
    danger = next(text for language, text, _ in SAID if language == code)
    plain = " ".join(LANGUAGES[code]["detect"][:3])  # words that tell the language only
    later = Conversation().say(danger).say(plain, intent="request_massage")
    assert content.languages[code].massage_no in later.text
    assert later.case.step is None


@pytest.mark.parametrize(("code", "phrase", "finding"), PHRASES)
def test_every_phrase_is_found_beside_words_of_its_language(
    code: str, phrase: str, finding: str
) -> None:
    first, second = LANGUAGES[code]["detect"][:2]
    reading = lexicon().read(f"{first} {second} {phrase}")
    present = {f.id for f in reading.findings if f.status is Assertion.PRESENT}
    assert reading.language == code and finding in present
