# Everything runs in .venv, which is made and filled on first use; `make help` lists the targets.

PYTHON  ?=
VENV    ?= .venv
FILE    ?=
DATA    ?=
ARGS    ?=

BIN     := $(abspath $(VENV))/bin
SETUP   := PYTHON="$(PYTHON)" VENV="$(VENV)" scripts/setup
MATURIN := VIRTUAL_ENV="$(abspath $(VENV))" "$(BIN)/maturin" develop -q
SOURCES := python benches demo tests scripts/features.py

# Cargo may be installed without being on PATH; cargo and maturin must look at the same interpreter.
export PATH := $(PATH):$(HOME)/.cargo/bin
export PYO3_PYTHON := $(BIN)/python

.PHONY: help demo test test-aarch64 bench bench-record develop quick fmt clean lint rust-tests python-tests
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:
	@echo "make demo [FILE=x.json]        build, serialise real documents on every path, show times and a plan"
	@echo "make test                      format, lints, types, Rust tests, Python tests"
	@echo "make test-aarch64              Rust tests built for aarch64, under qemu"
	@echo "make bench [DATA=DIR] [ARGS=]  measure beside the other libraries; ARGS='--quick --only int'"
	@echo "make bench-record [DATA=DIR]   the same, and put the table into docs/measurements.md"
	@echo "make develop                   the release build and all tools in .venv"
	@echo "make quick                     a build for trying things out: the best levels and the direct layout alone"
	@echo "make fmt                       format Rust and Python"
	@echo "make clean                     remove .venv, builds and caches"
	@echo "PYTHON=python3.13 chooses the interpreter (any CPython >= 3.11)"

define release
@echo "== building the extension (release)"
@$(MATURIN) --release
endef

demo:
	@$(SETUP) build oracles
	$(release)
	@"$(BIN)/python" -m demo $(if $(FILE),"$(FILE)")

develop:
	@$(SETUP) build test oracles classes lint peers
	$(release)

quick:
	@$(SETUP) build test oracles classes lint peers
	@CARGO_PROFILE_RELEASE_LTO=thin $(MATURIN) --release --features quick

bench:
	@$(SETUP) build peers
	$(release)
	@"$(BIN)/python" -m benches.run $(if $(DATA),--data "$(DATA)") $(ARGS)

bench-record:
	@$(SETUP) build peers
	$(release)
	@mkdir -p benches/results
	@"$(BIN)/python" -m benches.run $(if $(DATA),--data "$(DATA)") --json benches/results/latest.json $(ARGS)
	@"$(BIN)/python" -m benches.record benches/results/latest.json docs/measurements.md

test: lint rust-tests python-tests
	@echo "== all tests passed"

lint:
	@$(SETUP) build test oracles lint
	@echo "== cargo fmt"
	@cargo fmt --check
	@echo "== cargo clippy (with Python)"
	@cargo clippy -q --all-targets -- -D warnings
	@echo "== cargo clippy (without Python)"
	@cargo clippy -q --all-targets --no-default-features -- -D warnings
	@echo "== ruff"
	@"$(BIN)/ruff" check -q $(SOURCES)
	@"$(BIN)/ruff" format -q --check $(SOURCES)

rust-tests:
	@echo "== Rust tests (assertions and overflow checks on)"
	@CARGO_PROFILE_TEST_OPT_LEVEL=1 cargo test -q --no-default-features
	@echo "== Rust tests (release)"
	@cargo test -q --release --no-default-features --tests

# Not part of `test`: it takes minutes and asks for what few machines have.
AARCH64 := aarch64-unknown-linux-gnu
CROSS   := CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
           CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"

test-aarch64:
	@command -v qemu-aarch64 >/dev/null && command -v aarch64-linux-gnu-gcc >/dev/null && \
	    test -d "$$(rustc --print sysroot)/lib/rustlib/$(AARCH64)" || { \
	    echo "test-aarch64 needs: apt-get install qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross" >&2; \
	    echo "                    rustup target add $(AARCH64)" >&2; exit 1; }
	@echo "== cargo clippy (aarch64, without Python)"
	@$(CROSS) cargo clippy -q --all-targets --no-default-features --target $(AARCH64) -- -D warnings
	@echo "== Rust tests (aarch64 under qemu, assertions and overflow checks on)"
	@$(CROSS) CARGO_PROFILE_TEST_OPT_LEVEL=1 cargo test -q --no-default-features --target $(AARCH64) --test rust

python-tests:
	@$(SETUP) build test oracles classes lint browser
	@echo "== building the extension (checked: assertions, overflow checks, plan verifier)"
	@$(MATURIN) --profile checked
	@echo "== mypy"
	@"$(BIN)/mypy"
	@echo "== stubtest"
	@"$(BIN)/python" -m mypy.stubtest planjson --mypy-config-file pyproject.toml
	@echo "== Python tests (checked build)"
	@"$(BIN)/python" -m pytest -q
	$(release)
	@echo "== Python tests (release build)"
	@"$(BIN)/python" -m pytest -q

fmt:
	@$(SETUP) lint
	cargo fmt
	"$(BIN)/ruff" check -q --fix $(SOURCES)
	"$(BIN)/ruff" format $(SOURCES)

clean:
	cargo clean
	rm -rf "$(VENV)" .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
	rm -f python/planjson/*.so python/planjson/*.pyd
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +
