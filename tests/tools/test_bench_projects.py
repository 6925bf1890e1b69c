"""The measured projects: same data and rules, other pipelines, nothing of ours."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tools.bench import projects
from tools.bench.systems import System


def read(path: Path) -> dict:
    return YAML().load(path.read_text())


def actions_in(folder: Path) -> set[str]:
    return {
        step["action"]
        for path in folder.glob("*.yml")
        for rule in read(path).get("rules", ())
        for step in rule["steps"]
        if "action" in step
    }


def test_stock_has_our_examples_and_the_default_pipeline(tmp_path: Path) -> None:
    stock = projects.make_stock(tmp_path / "stock")
    assert not read(stock / "config.yml").get("pipeline")
    examples = {path.name for path in (stock / "data" / "nlu").iterdir()}
    assert examples == {p.name for p in (projects.ROOT / "data" / "nlu").iterdir()}


@pytest.mark.parametrize("make", [projects.make_stock, projects.make_floor])
def test_every_action_of_a_rule_is_a_plain_response(tmp_path: Path, make) -> None:
    project = make(tmp_path / "project")
    domain = read(project / "domain.yml")
    known = {*domain["responses"], *domain.get("actions", ())}
    assert actions_in(project / "data" / "rules") <= known
    assert not any(name.startswith("action_") for name in known)


def test_every_topic_has_a_response_in_stock(tmp_path: Path) -> None:
    domain = read(projects.make_stock(tmp_path / "stock") / "domain.yml")
    topics = {name for name in projects.read_examples() if name.startswith("faq/")}
    assert {f"utter_{topic}" for topic in topics} <= set(domain["responses"])


def test_the_floor_knows_the_very_messages_that_are_sent(tmp_path: Path) -> None:
    floor = projects.make_floor(tmp_path / "floor")
    text = (floor / "data" / "nlu" / "keywords.yml").read_text()
    messages = [message for message, _ in projects.sample_messages()]
    assert len(messages) > 100
    assert all(f"- {message}\n" in text for message in messages)


def test_no_message_is_part_of_another() -> None:
    messages = [text for text, _ in projects.sample_messages()]
    pairs = [(a, b) for a in messages for b in messages if a != b and a in b]
    assert not pairs


def test_making_a_project_again_replaces_its_data(tmp_path: Path) -> None:
    stock = projects.make_stock(tmp_path / "stock")
    projects.add_example(stock, "greet", "hello there")
    projects.make_stock(stock)
    assert not (stock / "data" / "nlu" / "added.yml").exists()


def test_a_generated_project_keeps_our_pipeline(tmp_path: Path) -> None:
    made = projects.make_generated(tmp_path / "made", 10, seed=3)
    assert read(made / "config.yml") == read(projects.ROOT / "config.yml")
    assert len(read(made / "domain.yml")["intents"]) == 10
    assert set(projects.ACTIONS_TO_MEASURE) <= set(read(made / "domain.yml")["actions"])


def test_a_model_fits_until_the_data_changes(tmp_path: Path) -> None:
    folder = tmp_path / "stock"
    stock = System.of("stock", projects.make_stock(folder))
    assert not stock.fits()
    (folder / "models" / "some.tar.gz").touch()
    (folder / "config.yml").write_text("what Rasa makes of it\n")
    stock.record([1.0])
    assert System.of("stock", projects.make_stock(folder)).fits()
    projects.add_example(folder, "greet", "hello there")
    assert not System.of("stock", folder).fits()
