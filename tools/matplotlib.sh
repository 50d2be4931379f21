#!/usr/bin/env bash
# Prints the path of a Python that has matplotlib, which draws the pictures of docs/performance.md; installs it from PyPI the first time.
set -euo pipefail
readonly version=3.11.2
cache=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}
readonly venv=$cache/matplotlib-$version

if [[ ! -d $venv ]]; then
  echo "matplotlib: installing $version into $venv" >&2
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >&2
  fi
  mkdir -p "$cache"
  unfinished=$venv-unfinished
  rm -rf "$unfinished"
  python3 -m venv "$unfinished"
  "$unfinished/bin/pip" install --quiet --disable-pip-version-check "matplotlib==$version" >&2
  mv -T "$unfinished" "$venv"
fi
echo "$venv/bin/python"
