#!/usr/bin/env bash
# Runs the operator as a process of this machine, under its own ServiceAccount's rights, with KUBECONFIG naming the cluster:
#   local.sh start|stop STATE_DIR   one operator in the background; its log is STATE_DIR/operator.log
#   local.sh rights STATE_DIR       gives the operator its rights, and writes STATE_DIR/operator.kubeconfig
#   local.sh run STATE_DIR          becomes an operator under the rights of KUBECONFIG: tests of faults run several
set -euo pipefail

usage="usage: local.sh start|stop|rights|run STATE_DIR"
action=${1:?$usage}
state=$(realpath -m "${2:?$usage}")
here=$(cd "$(dirname "$0")" && pwd)
pid_file=$state/operator.pid
kubeconfig=$state/operator.kubeconfig
export HEALTH_PORT=${HEALTH_PORT:-8081}

# A process counts as ours only if it is still the one that was started: pids are used again.
started_at() { awk '{print $22}' "/proc/$1/stat" 2>/dev/null; }
is_running() {
  [[ -f $pid_file ]] || return 1
  read -r pid since <"$pid_file"
  [[ $(started_at "$pid") == "$since" ]]
}

stop() {
  if is_running; then
    kill "$pid"
    for _ in $(seq 150); do is_running || break; sleep 0.2; done
    if is_running; then kill -9 "$pid"; fi
  fi
  rm -f "$pid_file" "$kubeconfig"
}

# Written, not set by kubectl config: a token has no place on a command line.
write_kubeconfig() {
  local token
  cluster() { kubectl config view --raw --minify --flatten -o "jsonpath={.clusters[0].cluster.$1}"; }
  token=$(kubectl create token agentservice-operator -n agentservice-system --duration 720h)
  (umask 077; cat >"$kubeconfig") <<END
apiVersion: v1
kind: Config
current-context: operator
clusters: [{name: cluster, cluster: {server: "$(cluster server)", certificate-authority-data: "$(cluster certificate-authority-data)"}}]
users: [{name: operator, user: {token: "$token"}}]
contexts: [{name: operator, context: {cluster: cluster, user: operator}}]
END
}

rights() {
  kubectl apply -f "$here/rbac.yml" >/dev/null
  write_kubeconfig
}

run() {
  exec "$("$here/../tools/find-jdk.sh")/bin/java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xmx160m \
    --sun-misc-unsafe-memory-access=allow -cp "$here/target/lib/*:$(jar)" dev.agentservice.operator.Main
}

jar() { ls "$here"/target/agentservice-operator-*.jar; }

start() {
  if is_running && [[ $pid_file -nt $(jar) ]]; then
    echo "the operator runs already (pid $pid)"
    return
  fi
  stop # one that was built anew since
  rights
  KUBECONFIG=$kubeconfig nohup "$0" run "$state" >>"$state/operator.log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(started_at "$pid")" >"$pid_file"
  for _ in $(seq 150); do
    if curl -fsS -o /dev/null "http://127.0.0.1:$HEALTH_PORT/readyz" 2>/dev/null; then
      echo "the operator runs (pid $pid, log $state/operator.log)"
      return
    fi
    is_running || break
    sleep 0.2
  done
  echo "the operator did not get ready; the end of its log:" >&2
  tail -n 20 "$state/operator.log" >&2
  return 1
}

"$action"
