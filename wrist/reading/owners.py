"""Follows whose wrist a message speaks of, word by word."""

from collections.abc import Iterable, Sequence

from wrist.reading.clauses import SENTENCE_ENDS
from wrist.reading.files import Owners
from wrist.reading.normalise import Token

BEFORE_ADDRESS = SENTENCE_ENDS | frozenset(
    {",", "no", "yes", "ok", "okay", "thanks", "cheers", "sorry", "hi", "alright"}
)
CHILD_BELOW = 18


class OwnerWords:
    """Follows who is spoken of, word by word."""

    def __init__(self, owners: Owners, address: Iterable[str]) -> None:
        self._address = frozenset(address)
        self.mine = frozenset(owners.self_words)
        self._pronouns = frozenset(owners.pronouns)
        self._persons = {
            word: person for person, words in owners.persons.items() for word in words
        }
        self._reporting = frozenset(owners.reporting)
        self._handling = frozenset(owners.handling)
        self._harming = frozenset(owners.harming)

    def read(self, tokens: Sequence[Token]) -> list[str | None]:
        """For each word the person it is about, None for the writer."""
        result: list[str | None] = []
        topic: str | None = None
        current: str | None = None
        known: str | None = None
        for i, token in enumerate(tokens):
            word = token.word
            if word in SENTENCE_ENDS:
                current = topic
            person = self._persons.get(token.lemma) or self._aged(tokens, i)
            if person and self._is_subject(tokens, i):
                known = current = person
                if self._is_topic(tokens, i):
                    topic = person
            elif word in self._pronouns and self._pronoun_owns(tokens, i):
                current = known or "someone"
                if word in ("her", "his", "hers", "their"):
                    topic = current
            elif word in self.mine and not self._before_person(tokens, i):
                current = topic = None
            result.append(current)
        return result

    def names_writer(self, tokens: Sequence[Token]) -> bool:
        """Whether a message names the writer: "i fell", and not "my mum fell"."""
        return any(
            token.word in self.mine and not self._before_person(tokens, i)
            for i, token in enumerate(tokens)
        )

    def _aged(self, tokens: Sequence[Token], i: int) -> str | None:
        """A child in "my 6 year old", not in "i am 60 years old"."""
        if tokens[i].word != "old" or i < 3 or tokens[i - 1].lemma != "year":
            return None
        if tokens[i - 2].value is None or tokens[i - 3].lemma in ("be", "at", "since"):
            return None
        if i + 1 < len(tokens) and tokens[i + 1].lemma in self._persons:
            return None
        return "child" if (tokens[i - 2].value or 0) < CHILD_BELOW else None

    def _before_person(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether "my" belongs to "my old mum"."""
        following = tokens[i + 1 : i + 5]
        if tokens[i].word != "my":
            return False
        for token in following:
            if token.lemma in self._persons or token.word == "old":
                return True
            if token.value is None and token.word not in (
                "year", "years", "little", "elderly", "poor", "own", "dear", "month",
                "eldest", "youngest", "late", "ex", "best", "step", "twin",
            ):  # fmt: skip
                return False
        return False

    def _is_subject(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether a person noun is spoken of, not reporting, held or hurting."""
        following = [t.word for t in tokens[i + 1 : i + 4]]
        if self._is_addressed(tokens, i):
            return False
        if following and (
            following[0] in self._reporting or set(following[:2]) & self._reporting
        ):
            return False
        if following and following[0] in self._harming:
            objects = set(following[1:])
            if objects & {"my", "me", "i", "it", "us"}:
                return False
        before = [t.lemma for t in tokens[max(0, i - 4) : i]]
        handled = any(word in self._handling for word in before)
        return not handled or "'s" in following[:1]

    def _is_addressed(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether "mate" is who the writer talks to: "no mate", not "my mate"."""
        before = tokens[i - 1].word if i else "."
        return tokens[i].word in self._address and before in BEFORE_ADDRESS

    def _is_topic(self, tokens: Sequence[Token], i: int) -> bool:
        following = [t.word for t in tokens[i + 1 : i + 2]]
        before = [t.word for t in tokens[max(0, i - 3) : i]]
        return following == ["'s"] or "for" in before or "about" in before

    def _pronoun_owns(self, tokens: Sequence[Token], i: int) -> bool:
        following = [t.word for t in tokens[i + 1 : i + 4]]
        if following and following[0] in self._reporting:
            return False
        harm = following and following[0] in self._harming
        return not (harm and set(following[1:]) & {"my", "me", "it", "us", "i"})
