{{- /* What the pods of operator and API have in common: (list $ "operator") or (list $ "api"). */ -}}

{{- define "agentservice.pod.metadata" -}}
{{- with get (first .).Values (last .) -}}
labels:
  {{- include "agentservice.component.labels" $ | nindent 2 }}
  {{- with .podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
{{- end -}}

{{- define "agentservice.pod.spec" -}}
{{- with get (first .).Values (last .) -}}
serviceAccountName: {{ include "agentservice.component.serviceAccountName" $ }}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ .terminationGracePeriodSeconds }}
{{- with (first $).Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  # no user is named: the image has its own, and OpenShift gives each namespace one
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .topologySpreadConstraints }}
topologySpreadConstraints:
  {{- range . }}
  {{- $ours := dict "labelSelector" (dict "matchLabels" (fromYaml (include "agentservice.component.selector" $))) }}
  - {{- toYaml (merge (deepCopy .) $ours) | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{- /* The container, but for its name, command, environment and ports. */ -}}
{{- define "agentservice.pod.container" -}}
{{- with get (first .).Values (last .) -}}
image: {{ include "agentservice.image" (first $) }}
imagePullPolicy: {{ (first $).Values.operator.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
livenessProbe:
  httpGet:
    path: /healthz
    port: health
  {{- toYaml .livenessProbe | nindent 2 }}
readinessProbe:
  httpGet:
    path: /readyz
    port: health
  {{- toYaml .readinessProbe | nindent 2 }}
resources:
  {{- toYaml .resources | nindent 2 }}
{{- end -}}
{{- end -}}

{{- /* Egress of both, as a NetworkPolicy says it: the API server, found by its address and not by name, so no DNS. */ -}}
{{- define "agentservice.toApiServer" -}}
{{- with .Values.operator.networkPolicy -}}
- ports:
    {{- range .apiServerPorts }}
    - protocol: TCP
      port: {{ . }}
    {{- end }}
  {{- with .apiServerCidrs }}
  to:
    {{- range . }}
    - ipBlock:
        cidr: {{ . }}
    {{- end }}
  {{- end }}
{{- end -}}
{{- end -}}
