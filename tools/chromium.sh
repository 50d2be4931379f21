#!/usr/bin/env bash
# Prints the path of Debian's Chromium, for the tests in a browser; installs the package the first time.
set -euo pipefail
if ! command -v chromium >/dev/null; then
  echo "chromium: installing Debian's package" >&2
  { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium ||
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; }; } >&2
fi
command -v chromium
