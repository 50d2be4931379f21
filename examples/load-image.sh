#!/usr/bin/env bash
# Builds the example agent's image without a container engine, and loads it into our own cluster.
# A cluster of the user's own (no CONTAINERD_ADDRESS in .cluster/env) gets it by the user's own means.
set -euo pipefail
cd "$(dirname "$0")"

readonly image=localhost/agentservice/example-agent:1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ -z ${CONTAINERD_ADDRESS:-} ]]; then
  echo "this is your own cluster: load $image into it yourself (examples/README.md says how)"
  exit
fi
CGO_ENABLED=0 go build -C agent -trimpath -ldflags '-s -w' -o "$work/agent" .
GOWORK=off go run -C ../cluster/image . "$work/agent.tar" "$image" --entrypoint '["/agent"]' "$work/agent=/agent"
../cluster/cluster load "$work/agent.tar"
