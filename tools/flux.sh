#!/usr/bin/env bash
# Flux's kustomize-controller, built once from its Go module into the cache, and the CRDs that it watches: prints the folder with both.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "$0")" && pwd)
cache=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}
flux=$cache/flux-$(cat "$here"/flux/go.{mod,sum} | sha256sum | cut -c -12)

if [[ ! -d $flux ]]; then
  echo "building Flux's kustomize-controller from source: three minutes, once" >&2
  mkdir -p "$cache"
  unfinished=$(mktemp -d "$cache/flux-XXXXXX")
  export GOWORK=off GOFLAGS='' CGO_ENABLED=0
  go build -C "$here/flux" -trimpath -ldflags '-s -w' -o "$unfinished/" tool
  of() { go list -C "$here/flux" -m -f "{{.$2}}" "github.com/fluxcd/$1"; }
  sources=$(go mod download -json "github.com/fluxcd/source-controller@$(of source-controller/api Version)" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  cp "$(of kustomize-controller Dir)"/config/crd/bases/*.yaml "$sources"/config/crd/bases/*.yaml "$unfinished"
  chmod -R u+w "$unfinished"
  mv -T "$unfinished" "$flux"
fi
echo "$flux"
