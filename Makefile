# Everything here needs only Go and make. `make` alone lists the targets.

.DEFAULT_GOAL := help
.PHONY: help build demo test lint generate prometheus bench bench-large fuzz soak golden fmt check

LINT := go tool -modfile=internal/tools/golangci-lint/go.mod golangci-lint

NO_RACE := cgo is off or there is no working C compiler

# SQLite is C that was translated into Go. Its memory lies outside Go's heap, where
# the race detector looks at nothing; but to ask it at every access would take half
# of the tests' time.
RACE := -race -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false

# Tests make much garbage and little that stays: to collect it less often spares a
# seventh of their time.
RARELY := -exec 'env GOGC=300'

# The folders whose tests match an expression, so that no list of them can go stale.
test_folders = $(shell grep -rlE --include='*_test.go' '$(1)' . | xargs -r -n1 dirname | sort -u)
FUZZTIME ?= 30s
SOAK ?= 50

golden_flag := flag\.Bool.*"update"

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build bin/teamhealth
	go build $(BUILD_FLAGS) -o bin/teamhealth ./cmd/teamhealth

# A clone that git does not trust must not keep the demo from being built. The
# exec hands Ctrl-C and SIGTERM to the demo itself.
demo: BUILD_FLAGS := -buildvcs=false
demo: build ## Serve two simulated years of the example organisation
	@exec bin/teamhealth demo

test: ## Run all tests, with the race detector where a C compiler is at hand
	@if internal/tools/can-race; then \
		set -x; go test $(RACE) $(RARELY) -shuffle=on -timeout 60m ./...; \
	elif [ "$(CI)" = true ]; then \
		echo "CI=true asks for the race detector, and $(NO_RACE)." >&2; exit 1; \
	else \
		(set -x; go test $(RARELY) -shuffle=on -timeout 60m ./...) && printf '\n%s\n%s\n' \
			"LEFT OUT: the race detector, because $(NO_RACE)." \
			"With one (Debian: gcc and libc6-dev), make test adds -race."; \
	fi
	@internal/tools/left-out

lint: ## Check formatting, go.mod and the rules of .golangci.yml
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "not gofmt'ed (make fmt):"; echo "$$unformatted"; exit 1; }
	go mod tidy -diff
	$(LINT) config verify
	$(LINT) run

generate: ## Rewrite alerts/, dashboards/ and the generated part of docs/
	@for kind in alerts dashboards docs; do \
		go run ./cmd/teamhealth generate $$kind --config.file=config/example.yml || exit 1; \
	done

# The tag leaves out the discovery of targets in clouds, and with it most of the build.
prometheus: ## Build a present Prometheus for the tests on real servers (3 minutes, 2 GB)
	cd internal/tools/prometheus && go build -tags=remove_all_sd -o ../../../bin/prometheus-3/ \
		github.com/prometheus/prometheus/cmd/prometheus github.com/prometheus/prometheus/cmd/promtool

bench: ## Run all benchmarks, with 10,000 and 100,000 incidents
	go test -run '^$$' -bench . -benchmem -timeout 30m $(call test_folders,^func Benchmark)

bench-large: ## Run those of the whole program with 1,000,000 incidents
	TEAMHEALTH_BENCH=large go test -run '^$$' -bench . -benchmem -timeout 4h $(call test_folders,TEAMHEALTH_BENCH)

fuzz: ## Run every fuzz target for FUZZTIME (30s), one after the other
	@for folder in $(call test_folders,^func Fuzz); do \
		for target in $$(grep -ohE '^func Fuzz[A-Za-z0-9_]+' $$folder/*_test.go | cut -d ' ' -f 2); do \
			(set -x; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 200x $$folder) || exit 1; \
		done; \
	done

soak: ## Run what make test runs in a short form for SOAK (50) seeds: faults, kills, reloads
	TEAMHEALTH_SOAK=$(SOAK) go test -count=1 -timeout 6h $(call test_folders,TEAMHEALTH_SOAK)

golden: ## Rewrite all golden files from what the code produces now
	go test -count=1 $(call test_folders,$(golden_flag)) -update

fmt: ## Format all Go files
	$(LINT) fmt

check: lint test ## Do all that CI does
