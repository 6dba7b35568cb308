# Two commands do everything on a machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
SERVE  ?= 1
DEMO   ?= demo

.PHONY: demo test check lint types bench reference picture map lock clean

demo: $(VENV)/run.done  ## the main job: a made-up region, its messages, register, waiting times, what-if, page
	$(BIN)/stelsel demo --out $(DEMO) $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/dev.done check  ## lint, types and every test
	$(BIN)/python -m pytest -n auto

check: lint types

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.done
	$(BIN)/mypy

bench: $(VENV)/dev.done  ## speed, each figure beside a peer in the same run; and what intervals cover
	$(BIN)/python -m benchmarks coverage
	$(BIN)/python -m benchmarks curve
	$(BIN)/python -m benchmarks decade
	$(BIN)/python -m benchmarks indicators
	$(BIN)/python -m benchmarks ingest
	$(BIN)/python -m benchmarks kernel
	$(BIN)/python -m benchmarks many
	$(BIN)/python -m benchmarks reading

reference: $(VENV)/run.done  ## write anew what is made from the tables: typed records, reference pages
	$(BIN)/python -m stelsel.ijw.reference
	$(BIN)/python -m stelsel.twin.plans.measures docs/explanation/measures
	$(BIN)/python -m stelsel.monitor.indicators.page docs/reference/indicators.md
	$(BIN)/python -m stelsel.monitor.clocks.page docs/reference/clocks.md
	$(BIN)/python -m stelsel indicators table --write docs/reference/watches.md
	$(BIN)/python -m stelsel.twin.plans.tables docs/explanation/twin/parameters.md
	$(BIN)/stelsel plan schema --out docs/reference/plan-schema.json
	$(BIN)/stelsel scenario schema --out docs/reference/scenario-schema.json

map: $(VENV)/run.done  ## draw the map of the system anew for the documents
	$(BIN)/stelsel map --lang nl --out docs/images/map-nl.svg
	$(BIN)/stelsel map --lang en --out docs/images/map-en.svg

picture: demo/report.html  ## make the README's picture anew, from the page itself (needs chromium)
	chromium --headless=new --no-sandbox --disable-gpu --disable-background-networking --hide-scrollbars \
	  --window-size=1280,1560 --screenshot=docs/images/report.png "file://$(CURDIR)/demo/report.html"

demo/report.html: $(VENV)/run.done
	$(BIN)/stelsel demo --out demo --no-serve

lock:  ## make the pinned installs anew (needs uv)
	uv pip compile -q pyproject.toml requirements/build.in --python-version 3.11 --universal --generate-hashes --no-annotate --no-header --extra dev --extra bench --extra link --extra dask --extra sensitivity --extra spark -o requirements/dev.txt
	uv pip compile -q pyproject.toml requirements/build.in --python-version 3.11 --universal --generate-hashes --no-annotate --no-header -c requirements/dev.txt -o requirements/run.txt

# A marker file per set of requirements: installing happens once, and again when the pins change.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.done: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/run.done

clean:
	rm -rf $(VENV) demo build src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
