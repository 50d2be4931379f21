#!/usr/bin/env bash
# Prints the path of schemathesis, which tests a server by its OpenAPI description; installs it from PyPI the first time.
set -euo pipefail
readonly version=4.32.5
cache=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}
readonly venv=$cache/schemathesis-$version

if [[ ! -x $venv/bin/schemathesis ]]; then
  echo "schemathesis: installing $version into $venv" >&2
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >&2
  fi
  rm -rf "$venv"
  mkdir -p "$cache"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version" >&2
fi
echo "$venv/bin/schemathesis"
