# README's two commands are `make demo` and `make test`; both need only python3 (3.11+) with venv and pip.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: setup demo run test test-failures lint audit bench bench-broadcast bench-register soak mutation fuzz translations lock clean

setup: .venv/dev

.venv/runtime: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Saqbol needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	touch $@

.venv/dev: .venv/runtime requirements-dev.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

demo: .venv/runtime
	@$(BIN)/python -m bot demo

run: .venv/runtime
	@$(BIN)/python -m bot run

# Three at once also on two processors: the tests wait more than they compute.
test: .venv/dev lint
	$(BIN)/pytest -n 3 --dist loadfile

# Everything docs/failures.md names, the long tests too; ends with its rows and what became of each.
test-failures: .venv/dev
	$(BIN)/python -m tests.failures

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/saqbol content check

# Known vulnerabilities and the bill of materials; says so where the network does not allow it.
audit: .venv/audit/done
	.ci/audit

bench: .venv/dev
	$(BIN)/python -m tests.bench

# Three minutes; for a hundred thousand recipients see tests/bench/broadcast.py.
bench-broadcast: .venv/dev
	$(BIN)/python -m tests.bench.broadcast
	$(BIN)/python -m tests.bench.residents

# PEOPLE are made up; some minutes for a million, a quarter of an hour for twenty million.
PEOPLE := 1000000
bench-register: .venv/dev
	$(BIN)/python -m tests.bench.register --people $(PEOPLE)

# An hour of new people, for leaks; writes docs/images/soak.png.
soak: .venv/dev
	$(BIN)/python -m tests.bench.soak

.venv/mutation: .venv/dev requirements-mutation.lock
	$(PIP) install --require-hashes -r requirements-mutation.lock
	touch $@

.venv/fuzz: .venv/dev requirements-fuzz.lock
	$(PIP) install --require-hashes -r requirements-fuzz.lock
	touch $@

# SECONDS of each property of what strangers send, led by coverage.
SECONDS := 60
fuzz: .venv/fuzz
	$(BIN)/python -m tests.fuzz.guided $(SECONDS)

# Minutes for SAMPLE=60 mutants of each module, hours for all; what was tried stays in mutants/.
MUTATED := tests/domain tests/services/test_limits.py tests/storage/test_erasures.py tests/test_log.py
mutation: export HYPOTHESIS_PROFILE := mutation
mutation: .venv/mutation
	# Makes all mutants and notes which tests reach which function; the few of one module are tried.
	nice $(BIN)/mutmut run --max-children 1 'bot.domain.locales*'
	cd mutants && nice ../$(BIN)/python -m pytest -q -s --rootdir=. -p no:cacheprovider -p tests.mutation.forks --timeout 20 \
		-W ignore::pytest.PytestAssertRewriteWarning $(if $(SAMPLE),--sample $(SAMPLE)) $(MUTATED)
	nice $(BIN)/python -m tests.mutation.tables
	$(BIN)/python -m tests.mutation.report

translations: .venv/dev
	$(BIN)/pybabel -q extract --no-location --sort-output -k _ -k ngettext:1,2 -c NOTE: -o .venv/bot.pot bot/telegram
	for lang in kk ru ky; do \
		po=locales/$$lang/LC_MESSAGES/bot.po; \
		$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -i .venv/bot.pot -l $$lang -o $$po && \
		sed -i -E '/^"(Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By)/d' $$po; \
	done

# Of their own, so that the tools decide nothing about what they look at.
.venv/audit/done: .venv/runtime requirements-audit.lock
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip --quiet --disable-pip-version-check install --no-compile --require-hashes -r requirements-audit.lock
	touch $@

# Needs uv; `lock` keeps what is pinned, `uv pip compile --upgrade` renews it.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:audit -o requirements-audit.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group mutation -c requirements-dev.lock pyproject.toml -o requirements-mutation.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:fuzz -o requirements-fuzz.lock

clean:
	rm -rf .venv var dist mutants .hypothesis .mypy_cache .pytest_cache .ruff_cache
