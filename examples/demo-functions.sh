# shellcheck shell=bash disable=SC2154 # the caller sets them
# The verbs of demo.sh. It sets $namespace and $port.

readonly ready_timeout=120

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
step() { printf '\n== %s\n' "$*"; }
die() { printf '\ndemo failed: %s\n' "$*" >&2; exit 1; }
k() { kubectl --namespace "$namespace" "$@"; }

# Prints each phase of an AgentService as it comes, until it is ready.
await_ready() {
  local service=$1 start=${EPOCHREALTIME/./} phase='' shown='' updates watch
  exec {updates}< <(exec timeout "$ready_timeout" kubectl -n "$namespace" get asvc "$service" --watch -o jsonpath='{.status.phase}{"\n"}')
  watch=$!
  until [[ $shown == ready || $shown == failed ]] || ! read -r phase <&"$updates"; do
    [[ $phase == "$shown" ]] || printf '%6d ms  %s is %s\n' $(((${EPOCHREALTIME/./} - start) / 1000)) "$service" "$phase"
    shown=$phase
  done
  kill "$watch" 2>/dev/null || true
  exec {updates}<&-
  [[ $shown == ready ]] || die "AgentService $service is '$shown' instead of ready:" \
    "$(k get asvc "$service" -o jsonpath='{.status.failureReason} {.status.readinessStatus}')"
}

# Waits until the operator has seen the newest spec of an AgentDeployment, then says which version is active.
active_version() {
  local generation
  generation=$(k get agd "$1" -o jsonpath='{.metadata.generation}')
  k wait "agd/$1" --for=jsonpath='{.status.observedGeneration}'="$generation" --timeout=30s >/dev/null ||
    die "nobody takes up AgentDeployment $1: is the operator running?"
  k get agd "$1" -o jsonpath='{.status.activeVersion}'
}

# Calls an agent through its Service, by POST where there is a body: at its cluster IP if this machine reaches it, else by the API server's proxy.
call() {
  local service=$1 path=$2 body=${3-} address proxied
  address=$(k get service "$service" -o jsonpath='{.spec.clusterIP}')
  curl --silent --fail --noproxy '*' --connect-timeout 1 ${body:+--data "$body"} "http://$address:$port$path" 2>/dev/null && return
  proxied=/api/v1/namespaces/$namespace/services/$service:$port/proxy$path
  if [[ $body ]]; then k create --raw "$proxied" -f - <<<"$body"; else k get --raw "$proxied"; fi || die "agent $service does not answer $path"
}

# Counts the lines with one of these words in all that the API server can list.
lines_in_cluster_with() {
  local kinds
  kinds=$(kubectl api-resources --verbs=list -o name | paste -sd,) || die 'the API server does not tell all its kinds'
  # Some kinds are deprecated, and kubectl would say so each time.
  kubectl get "$kinds" --all-namespaces --ignore-not-found -o yaml 2> >(grep --invert-match '^Warning:' >&2) |
    { grep --count --fixed-strings --file=<(printf '%s\n' "$@") || true; } || die 'not every object could be read, so nothing is proven'
}
