{{- /* What the operator may do in the namespaces it serves. Secrets by name only: it never lists or watches them. */ -}}
{{- define "agentservice.operator.rules" -}}
- apiGroups: [agentservice.dev]
  resources: [agentdeployments]
  verbs: [get, list, watch]
- apiGroups: [agentservice.dev]
  resources: [agentservices]
  verbs: [list, watch, delete]
- apiGroups: [agentservice.dev]
  resources: [agentversions]
  verbs: [list, watch, create, update, delete]
- apiGroups: [agentservice.dev]
  resources: [agentdeployments/status, agentversions/status, agentservices/status]
  verbs: [update]
# owner references that block deletion, where OwnerReferencesPermissionEnforcement is on (OpenShift)
- apiGroups: [agentservice.dev]
  resources: [agentdeployments/finalizers, agentservices/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, delete]
# env into a launcher's standard input; an API server from 1.35 on asks for both verbs (AuthorizePodWebsocketUpgradeCreatePermission)
- apiGroups: [""]
  resources: [pods/attach]
  verbs: [get, create]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, patch, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, update]
# an event told again is read and counted up
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [get, create, patch]
{{- end -}}

{{- /* What the HTTP API may do there. It makes Secrets and takes back its own by name and UID; it reads none. */ -}}
{{- define "agentservice.api.rules" -}}
- apiGroups: [agentservice.dev]
  resources: [agentdeployments, agentversions]
  verbs: [get, list, watch]
- apiGroups: [agentservice.dev]
  resources: [agentservices]
  verbs: [get, list, watch, create, update]
# as above: an env's Secret is owned by its service
- apiGroups: [agentservice.dev]
  resources: [agentservices/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [secrets]
  verbs: [create, delete]
# an agent's log
- apiGroups: [""]
  resources: [pods, pods/log]
  verbs: [get]
{{- end -}}

{{- /* What callers of the HTTP API hold in their own namespace; log and url are words of the API, no objects. */ -}}
{{- define "agentservice.api.userRules" -}}
- apiGroups: [agentservice.dev]
  resources: [agentservices]
  verbs: [get, list, create, update]
- apiGroups: [agentservice.dev]
  resources: [agentservices/log, agentservices/url]
  verbs: [get]
- apiGroups: [agentservice.dev]
  resources: [agentdeployments, agentversions]
  verbs: [get, list]
{{- end -}}

{{- define "agentservice.api.viewerRules" -}}
- apiGroups: [agentservice.dev]
  resources: [agentservices, agentdeployments, agentversions]
  verbs: [get, list]
{{- end -}}
