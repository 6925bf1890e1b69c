# Every verb does first what it needs. `make` lists them.
SHELL := /bin/bash
PYTHON := .venv/bin/python
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
.DEFAULT_GOAL := help
.PHONY: help run test setup train chat evaluate bench rules trace test-services lint lock

help: # this list
	@awk -F ':.*# ' '/^[a-z-]+:.*# / {printf "make %-14s %s\n", $$1, $$2}' Makefile

run: .venv/installed # set up, train if needed, start everything, print the address
	@$(PYTHON) -m tools.run

test: train # every test that needs no outside service
	@$(PYTHON) -m pytest

setup: .venv/installed # the environment, secrets, folders and the encoder, nothing more
	@$(PYTHON) -m tools.setup

train: .venv/installed # train, if anything changed
	@$(PYTHON) -m tools.train

chat: train # talk in the terminal
	@$(PYTHON) -m tools.chat

evaluate: train # language, safety and conversation figures, under results/
	@$(PYTHON) -m tools.evaluate

bench: train # speed, memory and accuracy beside stock Rasa, under results/
	@$(PYTHON) -m tools.bench

rules: .venv/installed # what the assistant goes by, with sources, to be read by a clinician
	@$(PYTHON) -m tools.rules

trace: .venv/installed # the sources, words and tests of each red flag and contraindication
	@$(PYTHON) -m tools.trace

test-services: # the tests against real servers
	@echo "Nothing needs a real server yet: make test runs every test there is."

lint: .venv/installed # ruff, types on wrist, YAML
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m mypy
	@$(PYTHON) -m yamllint --strict .

lock: .venv/installed # resolve the requirements anew, after a change in pyproject.toml
	@.venv/bin/uv pip compile --universal $(LOCK) pyproject.toml -o requirements.txt
	@.venv/bin/uv pip compile --no-deps $(LOCK) requirements-encoder.in -o requirements-encoder.txt
	@.venv/bin/uv pip compile --no-deps $(LOCK) requirements-uv.in -o requirements-uv.txt
LOCK := --quiet --generate-hashes --no-emit-index-url

.venv/installed: requirements.txt requirements-encoder.txt requirements-uv.txt tools/bootstrap.sh
	@tools/bootstrap.sh
