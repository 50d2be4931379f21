#!/usr/bin/env bash
# Everything CI runs. First what needs no cluster, then the operator on the real node.
# A cluster that was not running before is taken away again.
set -euo pipefail
cd "$(dirname "$0")/.."

was_up=$(./cluster/cluster status >/dev/null 2>&1 && echo yes || echo no)
finish() { if [[ $was_up == no ]]; then make down; fi; }
trap finish EXIT

./cluster/cluster build
./tools/need-maven.sh
JAVA_HOME=$(./tools/find-jdk.sh)
export JAVA_HOME MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow
# our own build of kube-apiserver, etcd and kubectl, for the tests that need a real API server
export KUBE_API_TEST_DIR=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}/jenvtest
GATEWAY_API_CRDS=$(./tools/gateway-api.sh)
export GATEWAY_API_CRDS
SCHEMATHESIS=$(./tools/schemathesis.sh)
export SCHEMATHESIS

echo "== Go: the node, the image writer, the launcher, the example agent"
(cd cluster/node && go vet ./... && go test .)
(cd cluster/image && go vet ./... && go test .)
(cd launcher && go vet ./... && go test .)
(cd examples/agent && go vet ./... && go test .)

echo "== Chart: lint, what it renders, when its alerts fire"
./tools/helm.sh lint --strict helm/agentservice
./tools/helm.sh unittest helm/agentservice
./tools/promtool.sh check rules --lint-fatal helm/agentservice/files/metrics/alerts.yaml
./tools/promtool.sh test rules helm/agentservice/tests/alerts.promtool.yaml

echo "== Java: format, Error Prone, unit tests, tests on a real API server"
mvn -B -ntp verify

echo "== The real node: the operator from outside"
make e2e

echo "== What a start costs: it is measured, and takes no more writes than it may"
make bench-smoke
