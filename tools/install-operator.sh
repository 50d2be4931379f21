#!/usr/bin/env bash
# Installs operator and HTTP API by the chart, as a user would, into the cluster that KUBECONFIG names: install-operator.sh STATE_DIR.
#   OPERATOR_IMAGE  an image that this cluster can pull (name:tag or name@sha256:...). Without it the image is built here
#                   and loaded, which works with our own cluster, kind and minikube.
#   LAUNCHER_IMAGE  likewise the launcher's. Where OPERATOR_IMAGE is given and this is not, sandboxes have no launcher.
set -euo pipefail
shopt -s inherit_errexit
state=$(realpath -m "${1:?usage: install-operator.sh STATE_DIR}")
cd "$(dirname "$0")/.."

# The release's and the namespace's names give the operator's account its own: agentservice-system/agentservice-operator.
readonly release=agentservice namespace=agentservice-system

load() {
  local archive=$1 name=$2 context
  context=$(kubectl config current-context)
  if [[ -n ${CONTAINERD_ADDRESS:-} ]]; then
    grep -qxF "$name" "$state/loaded-images" 2>/dev/null || ./cluster/cluster load "$archive"
    echo "$name" >>"$state/loaded-images"
  elif [[ $context == kind-* ]] && command -v kind >/dev/null; then
    kind load image-archive "$archive" --name "${context#kind-}"
  elif command -v minikube >/dev/null && minikube status --profile "$context" >/dev/null 2>&1; then
    minikube image load "$archive" --profile "$context"
  else
    echo "How is $name to come into the cluster of context $context? Neither kind nor minikube knows that one." >&2
    echo "Push it to a registry of yours (docker load -i $archive), then: OPERATOR_IMAGE=name:tag LAUNCHER_IMAGE=name:tag make up" >&2
    return 1
  fi
}

values=()
use() {
  local image=$1 value=$2
  case $image in
    *@*) values+=("$value.repository=${image%@*}" "$value.digest=${image#*@}") ;;
    *:*) values+=("$value.repository=${image%:*}" "$value.tag=${image##*:}") ;;
    *) echo "an image needs a tag or a digest: $image" >&2; return 1 ;;
  esac
}

image=${OPERATOR_IMAGE:-} launcher=${LAUNCHER_IMAGE:-}
if [[ -z $launcher && (-z $image || -n ${CONTAINERD_ADDRESS:-}) ]]; then
  built=$(./launcher/image.sh)
  launcher=$(<"$built/name")
  load "$built/image.tar" "$launcher"
fi
if [[ -z $image ]]; then
  built=$(./image/image.sh)
  image=$(<"$built/name")
  load "$built/image.tar" "$image"
fi
use "$image" operator.image
[[ -z $launcher ]] || use "$launcher" sandboxes.launcherImage

# Pod Security restricted is enforced on the operator too.
kubectl apply -f - >/dev/null <<END
{apiVersion: v1, kind: Namespace, metadata: {name: $namespace, labels: {pod-security.kubernetes.io/enforce: restricted}}}
END
if ! ./tools/helm.sh upgrade "$release" helm/agentservice --install --namespace "$namespace" "${values[@]/#/--set-string=}" \
  --set api.enabled=true --force-conflicts --hide-notes --wait --timeout 2m; then
  kubectl get pods --namespace "$namespace"
  kubectl logs --namespace "$namespace" --selector app.kubernetes.io/part-of=agentservice --tail 20 --prefix
  exit 1
fi >&2
echo "the operator runs: kubectl -n $namespace logs -l app.kubernetes.io/component=operator"

# The variable that README.md's calls by HTTP use. The addresses of our own cluster's Services are this machine's to call.
sed -i /AGENTSERVICE_API/d "$state/env"
if [[ -n ${CONTAINERD_ADDRESS:-} ]]; then
  address=$(kubectl get service agentservice-api --namespace "$namespace" -o 'jsonpath=http://{.spec.clusterIP}')
  echo "export AGENTSERVICE_API=$address" >>"$state/env"
  echo "the HTTP API answers at $address"
else
  echo "the HTTP API answers once you forward a port to it: kubectl -n $namespace port-forward service/agentservice-api 8080:80"
  echo "and then: export AGENTSERVICE_API=http://127.0.0.1:8080"
fi
