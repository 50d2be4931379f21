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
