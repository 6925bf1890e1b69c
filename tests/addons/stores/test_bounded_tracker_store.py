"""The bounded store gives policies what the plain one gives, at a bounded price."""

import asyncio
import random
import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core import events
from rasa.shared.core.trackers import DialogueStateTracker

from tests.addons.stores.talks import DOMAIN, bounded, message, plain, start

STATES_COMPARED = 4  # no policy looks at more
MADE_UP_STATES = 3  # of the snapshot, at the beginning


def turn(rng: random.Random) -> list[events.Event]:
    """One random turn: a message, slots, perhaps a form, answers, and listening."""
    made: list[events.Event] = [
        message(f"text {rng.random()}", rng.choice(["greet", "inform", "ask"])),
        events.DefinePrevUserUtteredFeaturization(False),
    ]
    for _ in range(rng.randrange(4)):
        slot, value = rng.choice(
            [
                ("side", rng.choice(["left", "right", None])),
                ("findings", {"pain": "present", "n": rng.randrange(99)}),
                ("ready", rng.choice([True, False, None])),
            ]
        )
        made.append(events.SlotSet(slot, value))
    roll = rng.random()
    if roll < 0.2:
        made += [events.ActionExecuted("check_form"), events.ActiveLoop("check_form")]
    elif roll < 0.3:
        made += [events.ActionExecutionRejected("check_form")]
    elif roll < 0.4:
        made += [events.ActiveLoop(None)]
    elif roll < 0.45:
        made += [events.AllSlotsReset()]
    elif roll < 0.48:
        made += [events.Restarted()]
    elif roll < 0.5:
        made += [events.LoopInterrupted(True)]
    made += [
        events.ActionExecuted(rng.choice(["action_check", "utter_hello"])),
        events.BotUttered(f"said {rng.random()}"),
    ]
    if rng.random() < 0.04:
        made += [events.ConversationPaused()]
    if rng.random() < 0.1:
        made += [events.ConversationResumed()]
    made.append(events.ActionExecuted("action_listen"))
    if rng.random() < 0.1:
        made.append(events.FollowupAction("action_check"))
    if rng.random() < 0.04:
        made += start()
    return made


async def say(
    store: SQLTrackerStore, made: list[events.Event], sender: str = "ann"
) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for event in made:
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    return tracker


def seen(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What policies and actions read beside the past."""
    return {
        **tracker.current_state(),
        "loop": tracker.active_loop,
        "bot": tracker.latest_bot_utterance,
        "set": {name: slot.has_been_set for name, slot in tracker.slots.items()},
    }


def assert_same_past(
    got: DialogueStateTracker, expected: DialogueStateTracker, *, omit: bool
) -> None:
    """The latest states; a form takes its own turns out, which leaves few of them."""
    ours = got.past_states(DOMAIN, omit_unset_slots=omit)
    stock = expected.past_states(DOMAIN, omit_unset_slots=omit)
    made_up = 0 if len(ours) == len(stock) else MADE_UP_STATES
    compared = min(STATES_COMPARED, len(ours) - made_up)
    assert compared >= 1
    assert ours[-compared:] == stock[-compared:]


@pytest.mark.parametrize("seed", range(16))
async def test_policies_see_what_the_plain_store_gives(
    seed: int, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    ours, stock = bounded(tmp_path), plain(tmp_path)
    begin = start()
    await say(ours, begin)
    await say(stock, begin)
    for _ in range(60):
        made = turn(rng)
        await say(ours, made)
        await say(stock, made)
        got, expected = await ours.retrieve("ann"), await stock.retrieve("ann")
        assert got is not None
        assert expected is not None
        for one, other in ((got, expected), (got.copy(), expected.copy())):
            assert seen(one) == seen(other)
            assert_same_past(one, other, omit=False)
            assert_same_past(one, other, omit=True)
        assert len(got.events) < 150
    full = await ours.retrieve_full_tracker("ann")
    plain_full = await stock.retrieve_full_tracker("ann")
    assert full is not None
    assert plain_full is not None
    assert list(full.events) == list(plain_full.events)


async def test_a_turn_costs_the_same_after_a_thousand(tmp_path: Path) -> None:
    store, rng = bounded(tmp_path), random.Random(1)
    await say(store, start(), "long")
    for _ in range(1000):
        await say(store, turn(rng), "long")
    seconds: dict[str, list[float]] = {"long": [], "short": []}
    for number in range(60):  # by turns, so that both meet the same load
        if number % 5 == 0:  # "short" stays between ten and fifteen turns
            short = f"short{number}"
            for _ in range(10):
                await say(store, turn(rng), short)
        for kind, sender in (("short", short), ("long", "long")):
            made = turn(rng)
            began = time.perf_counter()
            await say(store, made, sender)
            seconds[kind].append(time.perf_counter() - began)
    early, late = (
        statistics.median(seconds["short"]),
        statistics.median(seconds["long"]),
    )
    assert late < 1.5 * early, f"{early * 1e3:.2f} ms, then {late * 1e3:.2f} ms"


async def test_nothing_is_stored_twice_or_lost(tmp_path: Path) -> None:
    store = bounded(tmp_path)
    made = [*start(), *turn(random.Random(3))]
    tracker = await say(store, made)
    await store.save(tracker)
    full = await store.retrieve_full_tracker("ann")
    assert full is not None
    assert [e.type_name for e in full.events] == [e.type_name for e in made]


async def test_a_tracker_from_elsewhere_adds_only_what_is_younger(
    tmp_path: Path,
) -> None:
    store = bounded(tmp_path)
    tracker = await say(store, start())
    other = DialogueStateTracker.from_events("ann", list(tracker.events), DOMAIN.slots)
    other.update(message("hi", "greet"))
    await store.save(other)
    full = await store.retrieve_full_tracker("ann")
    assert full is not None
    assert [e.type_name for e in full.events].count("user") == 1
    assert len(full.events) == len(start()) + 1


async def test_erase_leaves_nothing(tmp_path: Path) -> None:
    store, rng = bounded(tmp_path), random.Random(5)
    await say(store, [*start(), events.SlotSet("consent", True)])
    for _ in range(12):
        await say(store, [message("my secret", "inform"), *turn(rng)])
    await say(store, start(), "ben")
    await say(store, [message("forget it", "ask"), events.SlotSet("erase", True)])
    assert await store.retrieve("ann") is None
    assert await store.retrieve_full_tracker("ann") is None
    assert list(await store.keys()) == ["ben"]
    left = b"".join(path.read_bytes() for path in (tmp_path / "b").iterdir())
    assert b"my secret" not in left
    assert b"ann" not in left
    fresh = await say(store, [*start(), message("hello", "greet")])
    assert fresh.get_slot("erase") is None


@pytest.fixture
def clock_offset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "offset"
    path.write_text("0")
    monkeypatch.setenv("CLOCK_OFFSET_FILE", str(path))
    return path


async def test_without_consent_twelve_hours_unused_are_the_end(
    tmp_path: Path, clock_offset: Path
) -> None:
    store = bounded(tmp_path)
    await say(store, [*start(), message("hi", "greet")], "no")
    await say(store, [*start(), events.SlotSet("consent", True)], "yes")
    clock_offset.write_text("11")
    assert await store.retrieve("no") is not None
    clock_offset.write_text("13")
    assert await store.retrieve("no") is None
    assert await store.retrieve("yes") is not None


async def test_others_are_forgotten_as_soon_as_anybody_writes(
    tmp_path: Path, clock_offset: Path
) -> None:
    store = bounded(tmp_path)
    await say(store, start(), "old")
    clock_offset.write_text("25")
    await say(store, start(), "new")
    assert list(await store.keys()) == ["new"]


async def test_a_used_conversation_is_kept(tmp_path: Path, clock_offset: Path) -> None:
    store = bounded(tmp_path)
    await say(store, start(), "ann")
    clock_offset.write_text("10")
    await say(store, turn(random.Random(1)), "ann")
    clock_offset.write_text("20")
    assert await store.retrieve("ann") is not None


async def test_new_events_are_streamed_once(tmp_path: Path) -> None:
    class Broker:
        def __init__(self) -> None:
            self.published: list[dict[str, Any]] = []

        def publish(self, event: dict[str, Any]) -> None:
            self.published.append(event)

    broker: Any = Broker()
    store = bounded(tmp_path, event_broker=broker)
    made = [*start(), *turn(random.Random(2))]
    await say(store, made)
    assert len(broker.published) == len(made)


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    first, second = bounded(tmp_path), bounded(tmp_path)

    async def both() -> None:
        for number in range(20):
            await say(first, start(), f"a{number}")
            await say(second, start(), f"b{number}")

    asyncio.run(both())
    assert len(list(asyncio.run(first.keys()))) == 40
