#!/usr/bin/env bash
# Prints a folder with the image's own /app, built if need be: what make bench runs is what users run.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."

image=$(./image/image.sh)
app=.cluster/bench/$(basename "$image")
if [[ ! -d $app ]]; then
  rm -rf .cluster/bench/operator-image-*
  mkdir -p .cluster/bench/layers
  tar -xf "$image/image.tar" -C .cluster/bench/layers
  mkdir "$app.unfinished"
  for layer in .cluster/bench/layers/*.tar.gz; do
    tar -xzf "$layer" -C "$app.unfinished" --wildcards --no-same-owner 'app/*' 2>/dev/null || true # a layer without /app
  done
  rm -r .cluster/bench/layers
  mv "$app.unfinished" "$app"
fi
[[ -f $app/app/operator.aot ]] || { echo "no operator in $image" >&2; exit 1; }
realpath "$app/app"
