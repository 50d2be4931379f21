#!/usr/bin/env bash
# The Gateway API's own CRDs, out of its Go module: prints the folder that has them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n 's/^require sigs.k8s.io\/gateway-api //p' "$here/gateway-api/go.mod")
module=$(cd "$here/gateway-api" && GOFLAGS=-mod=mod go mod download -json "sigs.k8s.io/gateway-api@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
echo "$module/config/crd/standard"
