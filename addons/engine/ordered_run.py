"""Runs the nodes of a graph one after the other, in an order that is worked out once.

Rasa hands the graph to dask, which plans and schedules it anew each time, on one
thread: a message takes four runs or more, and the plan never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

Order = list[tuple[str, tuple[str, ...]]]
ORDERS = "_orders"  # on a runner: its orders by targets


def keep_order() -> None:
    """From now on all graphs of this process are run by `run`."""
    DaskGraphRunner.run = run


@wraps(DaskGraphRunner.run)
def run(
    runner: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    schema: GraphSchema = runner._graph_schema
    wanted = tuple(targets or schema.target_names)
    orders = runner.__dict__.setdefault(ORDERS, {})
    if wanted not in orders:
        orders[wanted] = order_of(schema, wanted)
    given = {name: (name, value) for name, value in (inputs or {}).items()}
    outputs: dict[str, Any] = dict(given)  # as (name, value), which is how nodes speak
    for name, needs in orders[wanted]:
        if name not in given:
            # What nobody gave stays a name: the node then says what is missing.
            outputs[name] = runner._instantiated_nodes[name](
                *(outputs.get(need, need) for need in needs)
            )
    return dict(outputs[name] for name in wanted)


def order_of(schema: GraphSchema, targets: Sequence[str]) -> Order:
    """The nodes that `targets` need, each after those that it needs itself."""
    nodes = schema.minimal_graph_schema(list(targets)).nodes
    needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
    sorter = TopologicalSorter(needs)
    return [(name, needs[name]) for name in sorter.static_order() if name in needs]
