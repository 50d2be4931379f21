#!/usr/bin/env bash
# Prometheus' promtool, out of Debian's package: nothing is installed, no service starts.
set -euo pipefail
cache=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}
program=$cache/promtool/usr/bin/promtool

if [[ ! -x $program ]]; then
  echo "getting promtool from Debian's package prometheus, once" >&2
  mkdir -p "$cache"
  unfinished=$(mktemp -d "$cache/promtool-XXXXXX")
  (cd "$unfinished" && { apt-get download -qq prometheus || { apt-get update -qq && apt-get download -qq prometheus; }; }) >&2
  dpkg-deb --fsys-tarfile "$unfinished"/prometheus_*.deb | tar -x -C "$unfinished" ./usr/bin/promtool
  rm "$unfinished"/prometheus_*.deb
  mv -T "$unfinished" "$cache/promtool"
fi
exec "$program" "$@"
