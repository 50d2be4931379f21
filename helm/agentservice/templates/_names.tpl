{{- define "agentservice.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "agentservice.image" -}}
{{- include "agentservice.image.reference" (list . .Values.operator.image) -}}
{{- end -}}

{{/* Empty where no launcher is to be used. */}}
{{- define "agentservice.launcherImage" -}}
{{- with .Values.sandboxes.launcherImage -}}
{{- if .repository -}}
{{- include "agentservice.image.reference" (list $ .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Of the chart and an image's repository, tag and digest. */}}
{{- define "agentservice.image.reference" -}}
{{- $chart := index . 0 -}}
{{- with index . 1 -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default $chart.Chart.AppVersion .tag) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "agentservice.labels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: agentservice
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- /* Whether services have public URLs: "true" or nothing. */ -}}
{{- define "agentservice.publicUrls" -}}
{{- with .Values.publicUrl -}}
{{- if ne .mode "none" -}}
{{- if not $.Values.api.enabled }}{{ fail "publicUrl.mode: the HTTP API is what signs and checks (api.enabled)" }}{{ end -}}
{{- if not .domain }}{{ fail "publicUrl.domain: the domain below which services have their hosts" }}{{ end -}}
{{- if and (eq .mode "gateway") (not .gateway.parentRefs) }}{{ fail "publicUrl.gateway.parentRefs: the Gateway that serves the routes" }}{{ end -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Below: of one component, (list $ "operator") or (list $ "api"). */ -}}

{{- define "agentservice.component.name" -}}
{{- printf "%s-%s" (include "agentservice.fullname" (first .)) (last .) -}}
{{- end -}}

{{- define "agentservice.component.serviceAccountName" -}}
{{- $account := (get (first .).Values (last .)).serviceAccount -}}
{{- if $account.create -}}
{{- default (include "agentservice.component.name" .) $account.name -}}
{{- else -}}
{{- required (printf "%s.serviceAccount.name: the ServiceAccount to use, as none is to be created" (last .)) $account.name -}}
{{- end -}}
{{- end -}}

{{- /* Its name as a user, as RBAC and admission policies know it. */ -}}
{{- define "agentservice.component.user" -}}
{{- printf "system:serviceaccount:%s:%s" (first .).Release.Namespace (include "agentservice.component.serviceAccountName" .) -}}
{{- end -}}

{{- define "agentservice.component.selector" -}}
{{- with first . -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}

{{- define "agentservice.component.labels" -}}
{{ include "agentservice.labels" (first .) }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}
