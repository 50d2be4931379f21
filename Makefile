# `make` lists the targets: a comment after ## is a target's line in that list.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# Commands that talk to the cluster know it, its kubectl and its binaries by this.
in-cluster = source .cluster/env;
mvn = JAVA_HOME="$$(./tools/find-jdk.sh)" MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow" mvn -B -ntp -q
cache = $${AGENTSERVICE_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/agentservice}

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## The main things

KILLS ?= 200
SERVICES ?= 2000
OPERATORS ?= 2
FAULTS ?= yes
MINUTES ?= 18
SEED ?=

.PHONY: demo up down test e2e at-rest chaos bench bench-full bench-smoke bench-docs crds docs format
demo: up ## the main job, seen working: a cluster, the operator, agents that answer
	@$(in-cluster) ./examples/demo.sh

up: cluster-up example-image ## cluster and operator running; .cluster/env is to be sourced
	@$(in-cluster) ./tools/install-operator.sh .cluster

down: ## take away all that up made on this machine
	@./cluster/cluster down

test: need-go ## everything CI runs: format, unit, real API server, real node
	@./tools/test-all.sh

e2e: up build ## the operator on the real node (or the cluster of KUBECONFIG), from outside
	@$(in-cluster) export EXAMPLES_PYTHON="$$(dirname "$$(./tools/schemathesis.sh)")/python" FLUX="$$(./tools/flux.sh)" GATEWAYS="$$(./tools/gateways.sh)" CHROMIUM="$$(./tools/chromium.sh)" JAVA_HOME="$$(./tools/find-jdk.sh)"; \
	  $(mvn) verify -pl e2e -am -De2e -DskipTests

at-rest: up ## 200 ready services cost the API server nothing in ten minutes (a quarter of an hour in all)
	@$(in-cluster) $(mvn) verify -pl e2e -am -De2e -DskipTests -Dtest=AtRestTest -Dsurefire.failIfNoSpecifiedTests=false \
	  -DatRest.services=200 -DatRest.withEnv=20 -DatRest.seconds=600

# Its knobs are described in e2e/README.md: make chaos KILLS=20 SERVICES=200 MINUTES=3 FAULTS=no
chaos: up build ## the operator killed again and again under thousands of services; the last line is one JSON object
	@$(mvn) package -pl e2e -am -De2e -De2e.skipped=true -DskipTests
	@$(in-cluster) FAULTS=$(FAULTS) MINUTES=$(MINUTES) KILLS=$(KILLS) SERVICES=$(SERVICES) SEED=$(SEED) OPERATORS=$(OPERATORS) exec "$$(./tools/find-jdk.sh)/bin/java" \
	  --sun-misc-unsafe-memory-access=allow -cp "e2e/target/test-classes:$$(cat e2e/target/programs.classpath)" dev.agentservice.e2e.chaos.Chaos

# Its knobs are in bench/README.md: make bench ROUNDS=1 LIVE=2500
bench: bench-full ## what a start costs, beside a bare Pod and a Pod + Service; the last line is one JSON object

bench-docs: bench ## that, and docs/performance.md's figures and pictures written anew
	@"$$(./tools/matplotlib.sh)" bench/document.py .cluster/bench/full.json

# A count, not a time: no start takes more writes than it may.
bench-full bench-smoke: bench-%: up need-maven
	@$(mvn) package -pl e2e -am -De2e -De2e.skipped=true -DskipTests
	@$(in-cluster) exec ./bench/bench.sh $* .cluster/bench/$*.json

crds: need-maven ## write the CRDs' YAML (from the Java types) and admission/ anew
	@$(mvn) test -pl crds -Dtest=CommittedYamlTest -Dcrds.write

docs: need-maven ## write the tables of docs/ anew from the code
	@$(mvn) test -pl operator,api -am -Dtest=TroubleshootingTest,MetricsPageTest,ErrorTableTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write

format: need-maven ## format all Java sources
	@$(mvn) spotless:apply

## The cluster: cluster/README.md

.PHONY: cluster-up cluster-down cluster-test need-go
cluster-up: need-go ## a real single-node Kubernetes on this machine, or the one KUBECONFIG names
	@./cluster/cluster up

cluster-down: need-go ## take that cluster away, with everything it made on this machine
	@./cluster/cluster down

cluster-test: need-go ## test the cluster itself (root; takes down what it brought up)
	@cd cluster/node && go vet ./... && go test .
	@cd cluster/image && go vet ./... && go test .
	@cd cluster/node && go vet -tags cluster . && go test -tags cluster -run '^TestCluster$$' -count 1 -timeout 30m -v .

need-go:
	@cd cluster/node && found=$$(go version 2>&1) && [[ "$$found" =~ go1\.(2[6-9]|[3-9][0-9])|go[2-9]\. ]] || { \
	  echo "Go 1.26 or newer is needed (https://go.dev/dl): found: $${found:-none}" >&2; exit 1; }

## What the main things are made of

.PHONY: image launcher-image build example-image need-maven
image: need-go ## the image of operator and HTTP API, and its SBOM; image/image.sh says what may be chosen
	@./image/image.sh

launcher-image: need-go ## the image that supervised sandboxes get the launcher from
	@./launcher/image.sh

build: need-maven ## the jars of operator and HTTP API, for operator/local.sh
	@$(mvn) package -pl operator,api -am -Dmaven.test.skip

example-image: need-go ## the example agent's image, loaded into the cluster
	@$(in-cluster) ./examples/load-image.sh

need-maven:
	@./tools/find-jdk.sh >/dev/null
	@./tools/need-maven.sh
