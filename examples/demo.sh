#!/usr/bin/env bash
# The main job, on a cluster that has the operator, the CRDs and the example image: manifests go in, agents answer, the secret value is gone.
# Runs any number of times. The secret value goes through pipes only: it is never on a command line, in a file or in the output.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")"

readonly namespace=${DEMO_NAMESPACE:-demo}
readonly port=8080 # of every example's template
# shellcheck source-path=SCRIPTDIR source=demo-functions.sh
source demo-functions.sh
# A name never used before: the operator refuses a consumed one, and a kubelet may remember its immutable content.
secret=transient-env-$(random_hex 4)

command -v go >/dev/null || die 'Go is missing: the demo runs the example agent here, to compare digests'
kubectl get crd agentservices.agentservice.dev >/dev/null || die 'the CRDs are not installed: kubectl apply -f crds/'

step "Starting afresh in namespace $namespace"
kubectl get namespace "$namespace" >/dev/null 2>&1 || kubectl create namespace "$namespace"
# In the foreground, so that nothing of an earlier run is still leaving while its successor comes.
k delete --ignore-not-found --cascade=foreground --timeout=60s -f minimal.yaml -f transient-env.yaml -f rollback/1-deployment.yaml -f rollback/service.yaml
trap 'k delete secret "$secret" --ignore-not-found --wait=false >/dev/null 2>&1 || true' EXIT # finds one only if the demo broke off

step 'The least there is: minimal.yaml'
k apply -f minimal.yaml
await_ready minimal
answer=$(call minimal /ask '{"question": "what is 6*7?"}')
printf 'asked what is 6*7, it says: %s\n' "$answer"
[[ $answer == *42* ]] || die 'the agent does not answer as it should'

step 'A secret value for one instance: transient-env.yaml, with a random value in the place of its API_TOKEN'
token=$(random_hex 16)
manifest=$(<transient-env.yaml)
manifest=${manifest//demo-value-not-a-real-token/$token}
printf '%s\n' "${manifest//transient-env-1/$secret}" | k create -f -
await_ready transient-env
printf 'env names in the agent: %s\n' "$(call transient-env /env)"
nonce=$(random_hex 8)
expected=$(printf %s "$token" | go run -C agent . digest "$nonce")
digest=$(call transient-env "/env/API_TOKEN/digest?nonce=$nonce")
[[ $digest == "$expected" ]] || die 'the agent has another API_TOKEN than the one it was given'
printf 'the value has arrived: keyed digest %s…\n' "${expected:0:16}"
k wait --for=delete "secret/$secret" --timeout=15s >/dev/null || die "Secret $secret is still there"
printf 'the Secret is gone: %s\n' "$(k get secret "$secret" 2>&1 || true)"
# The Secret's name must be found, or the search proves nothing about its value.
name_found=$(lines_in_cluster_with "$secret")
value_found=$(lines_in_cluster_with "$token" "$(printf %s "$token" | base64)")
((name_found > 0)) || die 'the search for the value does not work'
((value_found == 0)) || die "the value is still in the cluster's objects, on $value_found lines"
printf 'the value is in no object: every kind in every namespace was searched\n'

step 'Going back to an earlier version: rollback/'
k apply -f rollback/1-deployment.yaml
first=$(active_version rollback)
k apply -f rollback/2-new-template.yaml
second=$(active_version rollback)
[[ $first != "$second" ]] || die 'the new template has cut no version'
printf 'first version: %s, new template: %s\n' "$first" "$second"
k patch agd rollback --type=merge --patch "{\"spec\": {\"activeVersion\": \"$first\"}}"
pinned=$(active_version rollback)
[[ $pinned == "$first" ]] || die "version $pinned is active and not the pinned one"
k apply -f rollback/service.yaml
await_ready rollback
identity=$(call rollback /)
[[ $identity == *'"release":"one"'* ]] || die 'the agent is not of release one'
printf 'a new service runs release one again\n'

step "All of it worked, in $SECONDS s"
k get agd,agv,asvc
cat <<NEXT

What to try next:
  kubectl explain asvc.spec
  kubectl -n $namespace port-forward svc/minimal $port   # then: curl -d '{"question": "what is 2/3?"}' localhost:$port/ask
  kubectl -n $namespace patch asvc minimal --type=merge -p '{"spec": {"desiredState": "Stopped"}}'; kubectl -n $namespace get asvc -w
  examples/README.md                       # what else there is
NEXT
