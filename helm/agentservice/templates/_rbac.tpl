{{- /* The account of one component, (list $ "operator") or (list $ "api"), and its rights where it works: by Roles where
       namespaces are chosen, else by a ClusterRole. */ -}}
{{- define "agentservice.component.rights" -}}
{{- $name := include "agentservice.component.name" . }}
{{- $account := include "agentservice.component.serviceAccountName" . }}
{{- $labels := include "agentservice.component.labels" . }}
{{- $rules := include (printf "agentservice.%s.rules" (last .)) . }}
{{- $component := last . }}
{{- with first . }}
{{- with get .Values $component }}
{{- if .serviceAccount.create }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $account }}
  namespace: {{ (first $).Release.Namespace }}
  labels:
    {{- $labels | nindent 4 }}
  {{- with .serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- range .Values.watchNamespaces }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $name }}
  namespace: {{ . }}
  labels:
    {{- $labels | nindent 4 }}
rules:
  {{- $rules | nindent 2 }}
{{ include "agentservice.binding" (list (first $) $component $name .) }}
{{- end }}
{{- if not .Values.watchNamespaces }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ $name }}
  labels:
    {{- $labels | nindent 4 }}
rules:
  {{- $rules | nindent 2 }}
{{ include "agentservice.binding" (list . $component $name "") }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* Gives a component's account a Role of a namespace, or where that is empty a ClusterRole:
       (list $ component role namespace). The binding has the role's name. */ -}}
{{- define "agentservice.binding" -}}
{{- $component := list (first .) (index . 1) }}
{{- $role := index . 2 }}
{{- $namespace := index . 3 -}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ ternary "RoleBinding" "ClusterRoleBinding" (not (empty $namespace)) }}
metadata:
  name: {{ $role }}
  {{- with $namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "agentservice.component.labels" $component | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ ternary "Role" "ClusterRole" (not (empty $namespace)) }}
  name: {{ $role }}
subjects:
  - kind: ServiceAccount
    name: {{ include "agentservice.component.serviceAccountName" $component }}
    namespace: {{ (first .).Release.Namespace }}
{{- end -}}
