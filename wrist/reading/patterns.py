"""How times, ages, pain scores and temperatures are written, as patterns of a line."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from wrist.reading.normalise import Token

DAYS = {"hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0}
DAYS |= {"month": 30.0, "year": 365.0, "decade": 3650.0}
UNIT = r"(?P<unit>hour|day|night|week|fortnight|month|year|decade)s?"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
ONES = "one|two|three|four|five|six|seven|eight|nine"
TEENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
)
NUMBER = rf"\d+(?:\.\d+)?|(?:{TENS})(?: (?:{ONES}))?|{TEENS}|{ONES}|zero"
ROUGHLY = r"(?:about|around|approx|roughly|like|maybe|nearly|almost|over|only|say|just)"
COUNT = rf"(?:{NUMBER}|(?:a )?couple(?: of)?|(?:a )?few|several|an?|half an?|many)"
SPAN = re.compile(
    rf"(?P<lead>every |each |once |per |twice )?\b(?P<count>{COUNT})"
    rf"(?: (?:to|or|-) (?P<upper>{NUMBER}))?(?: and a half)?"
    rf"(?: (?:whole|full|good|long|more|odd|solid))? {UNIT}\b"
    r"(?P<tail> (?:ago|old|pregnant|of age|gone|along|every|each|a day|apart|back))?"
)
VAGUE = re.compile(
    r"\b(?:(?P<lead>for|after|over|in) )?(?:the (?:last|past) )?(?P<many>many )?"
    r"(?P<unit>day|week|month|year|age|hour)s(?P<tail> ago| now| and)?\b"
)
VAGUE_COUNT = {"hour": 3 / 24, "day": 4.0, "week": 21.0, "month": 90.0, "year": 730.0}
VAGUE_COUNT |= {"age": 90.0}
AGE = re.compile(
    r"\b(?:(?:i am|he is|she is|is|age|aged|am|turned|turning)"
    rf" (?:only |just |now |nearly )?(?P<said>{NUMBER})\b"
    rf"(?! (?:{NUMBER})\b)"
    r"(?! (?:past|to|o'clock|out|of|weeks?|months?|days?|hours?|minutes?|kg|stone"
    r"|pounds|lb|foot|ft"
    r"|inches|percent|%|/|drinks|tablets|:|am|pm))"
    rf"|(?P<old>{NUMBER}) (?:year|years) (?:old|of age)"
    rf"|(?P<male>\d\d) ?(?:m|f|male|female)\b)"
)
LONE = re.compile(
    rf"(?:^|[,.;\n] )(?P<n>{NUMBER})(?= ?(?:$|[,.;!\n]| (?:and )?(?:no|not|healthy)\b))"
)
SCORE = re.compile(
    rf"\b(?P<of>{NUMBER}) ?(?:/|out of|outta|of) ?(?:10|ten)\b"
    rf"|\bpain(?: (?:is|was|now|level|score|at|of|right|today|still|about|a|an|around"
    rf"|like|maybe|currently|has|been|it|only|:|=|-))* (?P<pain>{NUMBER})"
    r"(?! (?:day|week|month|year|hour|minute|finger|out|time))"
    rf"|\b(?:it is|is|it|only|about|around|say|maybe|like|still|now|was|probably"
    rf"|up to|down to) "
    rf"(?:{ROUGHLY} )?an? (?P<a>10|ten|\d|{ONES}|zero)\b"
    r"(?! (?:day|week|year|month|hour))"
    rf"|^(?:{ROUGHLY}|its|it is)(?: an?)? (?P<only>10|ten|\d|{ONES}|zero)"
    r"(?= ?(?:$|[.,!]))"
)
BARE_SCORE = re.compile(rf"^(?P<n>10|ten|\d|{ONES}|zero)(?= ?(?:$|[.,!?\n]))")
PREGNANT = re.compile(
    rf"(?P<weeks>{NUMBER}) (?:week|weeks)(?: and \w+ days?)?"
    r" (?:pregnant|gone|along|preggers)"
    rf"|pregnant (?P<after>{NUMBER}) (?:week|weeks)"
)
TEMPERATURE = re.compile(
    # "No fever, i am 40" tells an age.
    r"(?:\b(?P<word>temperature|fever)\b"
    r"(?:(?! i am\b| no\b| aged?\b) [^\d.!?\n ]+){0,6} )?"
    r"(?P<value>\d{2,3}(?:\.\d)?)"
    r"(?P<unit> ?(?:degrees?|°)?(?: ?(?:f|fahrenheit|c|celsius))?\b)?"
)
PAST_FROM_DAYS = 300.0


class Joined(NamedTuple):
    """The words as one line, with the place of each."""

    line: str
    offsets: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Word numbers of a stretch of the line."""
        first = bisect_right(self.offsets, start) - 1
        return first, bisect_right(self.offsets, max(start, end - 1))


def join(tokens: Sequence[Token]) -> Joined:
    """One line of plain words."""
    offsets, at = [], 0
    for token in tokens:
        offsets.append(at)
        at += len(token.word) + 1
    return Joined(" ".join(token.word for token in tokens), offsets)
