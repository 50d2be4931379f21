#!/usr/bin/env bash
# nginx and Caddy, out of Debian's packages: nothing is installed, no service starts. Prints the folder with both programs.
set -euo pipefail
cache=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}
gateways=$cache/gateways

if [[ ! -d $gateways ]]; then
  echo "getting nginx and Caddy from Debian's packages, once" >&2
  mkdir -p "$cache"
  unfinished=$(mktemp -d "$cache/gateways-XXXXXX")
  (cd "$unfinished" && { apt-get download -qq nginx caddy || { apt-get update -qq && apt-get download -qq nginx caddy; }; }) >&2
  for program in nginx:usr/sbin/nginx caddy:usr/bin/caddy; do
    dpkg-deb --fsys-tarfile "$unfinished/${program%%:*}"_*.deb | tar -xO "./${program#*:}" >"$unfinished/${program%%:*}"
    chmod +x "$unfinished/${program%%:*}"
  done
  rm "$unfinished"/*.deb
  mv -T "$unfinished" "$gateways"
fi
echo "$gateways"
