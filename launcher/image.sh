#!/usr/bin/env bash
# Builds the launcher's image for each architecture, without a container engine, and prints the folder that has it: image.tar (this
# machine's), image-amd64.tar and image-arm64.tar, and its name in `name`. The name is made of what is in it, so the same
# programs are one image wherever they were built.
#   IMAGE   the image's name (localhost/agentservice/launcher:<hash of the programs>)
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")"

readonly cache=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}
readonly architectures=(amd64 arm64)
mkdir -p "$cache"
work=$(mktemp -d "$cache/launcher-image-XXXXXX.unfinished")
trap 'rm -rf "$work"' EXIT

for architecture in "${architectures[@]}"; do
  mkdir "$work/$architecture"
  GOOS=linux GOARCH=$architecture CGO_ENABLED=0 GOFLAGS=-buildvcs=false go build -trimpath -ldflags '-s -w -buildid=' -o "$work/$architecture/launcher" .
done
key=$(cd "$work" && sha256sum "${architectures[@]/%//launcher}" | sha256sum | cut -c -12)
name=${IMAGE:-localhost/agentservice/launcher:$key}
folder=$cache/launcher-image-$(echo "$key $name" | sha256sum | cut -c -12)
if [[ ! -d $folder ]]; then
  for architecture in "${architectures[@]}"; do
    GOWORK=off go run -C ../cluster/image . "$work/image-$architecture.tar" "$name" --architecture "$architecture" --entrypoint '["/launcher"]' "$work/$architecture/launcher=/launcher"
    rm -r "${work:?}/$architecture"
  done
  ln "$work/image-$(go env GOHOSTARCH).tar" "$work/image.tar"
  echo "$name" >"$work/name"
  chmod 755 "$work"
  mv -T "$work" "$folder" 2>/dev/null || [[ -d $folder ]] # by another run meanwhile
fi
touch "$folder"
find "$cache" -maxdepth 1 -name 'launcher-image-*' -not -name '*.unfinished' -printf '%T@ %p\n' | sort -rn | awk 'NR > 6 { print $2 }' | xargs -r rm -rf
echo "$folder"
