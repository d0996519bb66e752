# The commands of this project; CI and the hooks run the same ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check fix lock bench campaign

demo: $(READY)
	@$(BIN)/handover demo

test: $(READY)
	$(BIN)/pytest -n 3 --dist worksteal -m "not campaign"

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/deptry .

bench: $(READY)
	$(BIN)/python -m tests.bench

campaign: $(READY)
	$(BIN)/pytest -m campaign

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --group dev --extra telemetry --universal --generate-hashes \
		--no-header --no-emit-index-url --no-annotate -q -o requirements.txt

$(READY): pyproject.toml requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q "uv>=0.13,<0.14"
	$(BIN)/uv pip install -q --python $(BIN)/python -r requirements.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	touch $(READY)
