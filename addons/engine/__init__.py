"""What Rasa does anew for each message and need not: done once, with the same result.

And an action server that hangs is waited for seconds instead of minutes, and a store
that cannot be read is heard of. The only
place where Rasa's own classes are changed from outside. `example_copies` is put in
place where a training begins (tools/rasa_command.py): servers copy no examples.
"""


def install() -> None:
    """Puts everything here in place, for all models of this process."""
    from addons.engine import (
        action_patience,
        action_results,
        debug_copies,
        domain_check,
        early_start,
        event_kinds,
        kept_session,
        loud_store,
        ordered_run,
        slot_mappings,
        tracker_copy,
    )

    action_patience.wait_less()
    action_results.check_schema_once()
    debug_copies.spare_copies()
    domain_check.compare_once()
    early_start.tell_early()
    event_kinds.search_once()
    kept_session.keep_sessions()
    loud_store.hear_failures()
    ordered_run.keep_order()
    slot_mappings.look_once()
    tracker_copy.copy_as_it_stands()
