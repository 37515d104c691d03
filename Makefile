# Everything here needs only Go and make. `make` alone lists the targets.

.DEFAULT_GOAL := help
.PHONY: help build demo test lint bench golden fmt check

LINT := go tool -modfile=internal/tools/golangci-lint/go.mod golangci-lint

NO_RACE := cgo is off or there is no working C compiler

# The folders whose tests match an expression, so that no list of them can go stale.
test_folders = $(shell grep -rlE --include='*_test.go' '$(1)' . | xargs -r -n1 dirname | sort -u)
golden_flag := flag\.Bool.*"update"

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build bin/teamhealth
	go build $(BUILD_FLAGS) -o bin/teamhealth ./cmd/teamhealth

# A clone that git does not trust must not keep the demo from being built. The
# exec hands Ctrl-C and SIGTERM to the demo itself.
demo: BUILD_FLAGS := -buildvcs=false
demo: build ## Serve two simulated years of the example organisation
	@exec bin/teamhealth demo

test: ## Run all tests, with the race detector where a C compiler is at hand
	@if internal/tools/can-race; then \
		set -x; go test -race -shuffle=on ./...; \
	elif [ "$(CI)" = true ]; then \
		echo "CI=true asks for the race detector, and $(NO_RACE)." >&2; exit 1; \
	else \
		(set -x; go test -shuffle=on ./...) && printf '\n%s\n%s\n' \
			"LEFT OUT: the race detector, because $(NO_RACE)." \
			"With one (Debian: gcc and libc6-dev), make test adds -race."; \
	fi

lint: ## Check formatting, go.mod and the rules of .golangci.yml
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "not gofmt'ed (make fmt):"; echo "$$unformatted"; exit 1; }
	go mod tidy -diff
	$(LINT) config verify
	$(LINT) run

bench: ## Run all benchmarks
	go test -run '^$$' -bench . -benchmem $(call test_folders,^func Benchmark)

golden: ## Rewrite all golden files from what the code produces now
	go test -count=1 $(call test_folders,$(golden_flag)) -update

fmt: ## Format all Go files
	$(LINT) fmt

check: lint test ## Do all that CI does
