#!/usr/bin/env bash
# Lets tests end an operator as they like: the installed one makes room, and others run as processes of this machine.
#   local.sh stop STATE_DIR     the installed operator rests: KUBECONFIG names a cluster after `make up`
#   local.sh start STATE_DIR    it comes back
#   local.sh rights STATE_DIR [api]
#                               writes STATE_DIR/operator.kubeconfig (api.kubeconfig), with a token of the installed one's ServiceAccount,
#                               and what a pod has instead: STATE_DIR/operator.token (api.token), STATE_DIR/ca.crt
#   local.sh run STATE_DIR [api]
#                               becomes an operator (the HTTP API) under the rights of KUBECONFIG, from the jars of `make build`,
#                               with the launcher of the one that was stopped
set -euo pipefail

usage="usage: local.sh stop|start|rights|run STATE_DIR [COMPONENT]"
action=${1:?$usage}
state=$(realpath -m "${2:?$usage}")
here=$(cd "$(dirname "$0")" && pwd)
namespace=agentservice-system
deployment=deployment/agentservice-operator
replicas=$state/operator.replicas
component=${3:-operator}
launcher=$state/launcher.image

stop() {
  local running
  running=$(kubectl get "$deployment" -n "$namespace" -o 'jsonpath={.spec.replicas}')
  ((running == 0)) || echo "$running" >"$replicas"
  kubectl get "$deployment" -n "$namespace" \
    -o 'jsonpath={.spec.template.spec.containers[0].env[?(@.name=="LAUNCHER_IMAGE")].value}' >"$launcher"
  kubectl scale "$deployment" -n "$namespace" --replicas 0
  kubectl wait --for=delete pod -n "$namespace" -l app.kubernetes.io/component=operator --timeout=60s
}

start() {
  kubectl scale "$deployment" -n "$namespace" --replicas "$(cat "$replicas")"
  kubectl rollout status "$deployment" -n "$namespace" --timeout=120s
}

# Written, not set by kubectl config: a token has no place on a command line.
rights() {
  local token
  cluster() { kubectl config view --raw --minify --flatten -o "jsonpath={.clusters[0].cluster.$1}"; }
  token=$(kubectl create token "agentservice-$component" -n "$namespace" --duration 720h)
  cluster certificate-authority-data | base64 -d >"$state/ca.crt"
  (umask 077; echo -n "$token" >"$state/$component.token")
  (umask 077; cat >"$state/$component.kubeconfig") <<END
apiVersion: v1
kind: Config
current-context: bearer
clusters: [{name: cluster, cluster: {server: "$(cluster server)", certificate-authority-data: "$(cluster certificate-authority-data)"}}]
users: [{name: bearer, user: {token: "$token"}}]
contexts: [{name: bearer, context: {cluster: cluster, user: bearer}}]
END
}

run() {
  local built=$here/../$component/target options=()
  [[ $component != operator ]] || options=("@$here/../image/operator.options")
  local jar=("$built"/agentservice-"$component"-*[!s].jar) # not that of the tests, which make image leaves beside it
  [[ ! -e $launcher ]] || export LAUNCHER_IMAGE=${LAUNCHER_IMAGE-$(<"$launcher")}
  exec "$("$here/../tools/find-jdk.sh")/bin/java" -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xmx160m "${options[@]}" \
    --sun-misc-unsafe-memory-access=allow -cp "$built/lib/*:${jar[0]}" \
    "dev.agentservice.$component.Main"
}

"$action"
