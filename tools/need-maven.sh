#!/usr/bin/env bash
# Makes sure that mvn is there: installs Debian's package where that is possible, saying so.
set -euo pipefail

if command -v mvn >/dev/null; then
  exit
fi
if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
  echo "Maven 3.8 or newer is needed (https://maven.apache.org/download.cgi), and there is no mvn on PATH." >&2
  exit 1
fi
echo "installing Debian's package maven"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends maven >/dev/null
