#!/usr/bin/env bash
# bench.sh full|smoke RESULT.json: measures on the cluster of .cluster/env, with the image's own files; make bench calls it.
# Every number may be set from outside: ROUNDS=1 LIVE= make bench. What they mean: e2e/src/test/java/dev/agentservice/e2e/bench/Settings.java.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:?usage: bench.sh full|smoke RESULT.json} in
  full) defaults='ROUNDS=3 ONE_BY_ONE=17 BURST=500 RESTARTS=3 IDLE_SECONDS=20 READ_SECONDS=3 REAL_STARTS=10 MINUTES=20' live='10000' ;;
  smoke) defaults='ROUNDS=1 ONE_BY_ONE=3 BURST=20 RESTARTS=1 IDLE_SECONDS=1 READ_SECONDS=1 REAL_STARTS=3 MINUTES=20' live='' ;;
esac
for default in $defaults AT_ONCE=20; do
  declare -x "${default%=*}=$(printenv "${default%=*}" || echo "${default#*=}")"
done
export LIVE=${LIVE-$live}

IMAGE_APP=$(./bench/unpack-image.sh)
JAVA_HOME=$(./tools/find-jdk.sh)
export IMAGE_APP JAVA_HOME
"$JAVA_HOME/bin/java" --sun-misc-unsafe-memory-access=allow -cp "e2e/target/test-classes:$(cat e2e/target/programs.classpath)" \
  dev.agentservice.e2e.bench.Bench "${2:?}"
exec python3 bench/report.py "$2"
