#!/usr/bin/env bash
# Helm, and with the word unittest its template tests: built once from the Go modules of tools/helm into the cache.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}
programs=$cache/helm-$(cat "$here"/helm/go.{mod,sum} | sha256sum | cut -c -12)

if [[ ! -d $programs ]]; then
  echo "building Helm from source: two minutes, once" >&2
  mkdir -p "$cache"
  unfinished=$(mktemp -d "$cache/helm-XXXXXX")
  GOWORK=off GOFLAGS='' CGO_ENABLED=0 go build -C "$here/helm" -trimpath -ldflags '-s -w' -o "$unfinished/" tool
  mv -T "$unfinished" "$programs"
fi
if [[ ${1:-} == unittest ]]; then
  exec "$programs/helm-unittest" "${@:2}"
fi
# Helm tells of each link that it followed, at each call.
"$programs/helm" "$@" 2> >(grep --line-buffered -v 'found symbolic link in path' >&2)
