#!/usr/bin/env bash
# Prints the home of a JDK 25, looking where JDKs usually are; without one it says what to do and fails.
set -euo pipefail

is_25() { [[ -x $1/bin/javac ]] && grep -qs '^JAVA_VERSION="25' "$1/release"; }

for home in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  if [[ -n $home ]] && is_25 "$home"; then
    echo "$home"
    exit
  fi
done
echo "A JDK 25 is needed to build and run the operator, and none was found. Install one (Temurin 25: https://adoptium.net;" >&2
echo "it may stand beside an older default JDK), or name it: JAVA25_HOME=/path/to/jdk-25 make ..." >&2
exit 1
