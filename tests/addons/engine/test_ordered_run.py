"""A graph that is run in order gives what dask gives, and fails as it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from addons.engine import ordered_run

RUNS: list[int] = []
by_dask = DaskGraphRunner.run


class Sum(GraphComponent):
    """Adds what it is given to its own number, and notes that it did."""

    def __init__(self, number: int) -> None:
        self.number = number

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: Any,
        resource: Any,
        execution_context: ExecutionContext,
    ) -> Sum:
        return cls(config["number"])

    def add(self, left: int = 0, right: int = 0) -> int:
        RUNS.append(self.number)
        if self.number < 0:
            raise RuntimeError("negative")
        return self.number + left + right


def node(number: int, **needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs,
        uses=Sum,
        constructor_name="create",
        fn="add",
        config={"number": number},
        is_target=False,
    )


NODES = {
    # Written in the wrong order on purpose.
    "top": node(1, left="middle", right="other"),
    "middle": node(10, left="base"),
    "other": node(100, left="base", right="given"),
    "base": node(1000, left="given"),
    "broken": node(-1, left="base"),
}


@pytest.fixture()
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DaskGraphRunner:
    """The method is replaced for one test; the class is as it was afterwards."""
    monkeypatch.setattr(DaskGraphRunner, "run", by_dask)
    ordered_run.keep_order()
    schema = GraphSchema(NODES)
    context = ExecutionContext(schema, "model")
    return DaskGraphRunner.create(schema, LocalModelStorage(tmp_path), context)


def test_the_outputs_are_those_of_dask(runner: DaskGraphRunner) -> None:
    for targets in (["top"], ["middle", "other"], ["base"]):
        for given in (1, 2):
            expected = by_dask(runner, {"given": given}, targets)
            assert runner.run({"given": given}, targets) == expected
    assert runner.run({"given": 5}, ["top"]) == {"top": 1 + 1015 + 1110}


def test_each_node_runs_once_and_only_where_it_is_needed(
    runner: DaskGraphRunner,
) -> None:
    RUNS.clear()
    runner.run({"given": 1}, ["top"])
    assert sorted(RUNS) == [1, 10, 100, 1000]


def test_an_input_stands_for_the_node_of_its_name(runner: DaskGraphRunner) -> None:
    inputs = {"given": 1, "base": 7}
    assert runner.run(inputs, ["middle"]) == {"middle": 17}
    assert runner.run(inputs, ["middle"]) == by_dask(runner, inputs, ["middle"])


def test_a_missing_input_is_an_error(runner: DaskGraphRunner) -> None:
    for run in (by_dask, DaskGraphRunner.run):
        with pytest.raises(GraphRunError, match="Missing input"):
            run(runner, {}, ["top"])


def test_an_error_in_a_node_names_the_node(runner: DaskGraphRunner) -> None:
    for run in (by_dask, DaskGraphRunner.run):
        with pytest.raises(GraphComponentException, match="node broken"):
            run(runner, {"given": 1}, ["broken"])
