package dev.agentservice.crd;

import static dev.agentservice.crd.Manifest.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What no right can buy. Said by somebody who may do everything, to an API server that is told to
 * overlook unknown fields: it is refused, or nothing of it is kept.
 */
@OnApiServer
class SandboxEscapesTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          hostPath                      | podOverrides: {volumes: [{name: v, hostPath: {path: /}}]}
          hostPath                      | podOverrides: {volumes: [{name: v, emptyDir: {}, hostPath: {path: /}}]}
          projected                     | podOverrides: {volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: t}}]}}]}
          serviceAccountToken           | podOverrides: {volumes: [{name: v, emptyDir: {}, projected: {sources: [{serviceAccountToken: {path: t}}]}}]}
          csi                           | podOverrides: {volumes: [{name: v, emptyDir: {}, csi: {driver: d, nodePublishSecretRef: {name: s}}}]}
          nfs                           | podOverrides: {volumes: [{name: v, emptyDir: {}, nfs: {server: s, path: /}}]}
          downwardAPI                   | podOverrides: {volumes: [{name: v, emptyDir: {}, downwardAPI: {}}]}
          "reference"                    | podOverrides: {volumes: [{name: v, emptyDir: {}, image: {reference: r}}]}
          mountPropagation              | podOverrides: {volumes: [{name: v, emptyDir: {}}], volumeMounts: [{name: v, mountPath: /v, mountPropagation: Bidirectional}]}
          subPathExpr                   | podOverrides: {volumes: [{name: v, emptyDir: {}}], volumeMounts: [{name: v, mountPath: /v, subPathExpr: $(A)}]}
          automountServiceAccountToken  | podOverrides: {automountServiceAccountToken: true}
          "serviceAccount"              | podOverrides: {serviceAccount: robot}
          hostNetwork                   | podOverrides: {hostNetwork: true}
          hostPID                       | podOverrides: {hostPID: true}
          hostIPC                       | podOverrides: {hostIPC: true}
          hostUsers                     | podOverrides: {hostUsers: true}
          shareProcessNamespace         | podOverrides: {shareProcessNamespace: true}
          nodeName                      | podOverrides: {nodeName: control-plane}
          initContainers                | podOverrides: {initContainers: [{name: i, image: i}]}
          ephemeralContainers           | podOverrides: {ephemeralContainers: [{name: i, image: i}]}
          "runAsNonRoot":false          | podOverrides: {securityContext: {runAsNonRoot: false}}
          "runAsUser":0                 | podOverrides: {securityContext: {runAsUser: 0}}
          sysctls                       | podOverrides: {securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}]}}
          seLinuxOptions                | podOverrides: {securityContext: {seLinuxOptions: {type: spc_t}}}
          appArmorProfile               | podOverrides: {securityContext: {appArmorProfile: {type: Unconfined}}}
          windowsOptions                | podOverrides: {securityContext: {windowsOptions: {hostProcess: true}}}
          Unconfined                    | podOverrides: {securityContext: {seccompProfile: {type: Unconfined}}}
          "privileged":true             | podOverrides: {containerSecurityContext: {privileged: true}}
          "allowPrivilegeEscalation":true | podOverrides: {containerSecurityContext: {allowPrivilegeEscalation: true}}
          "runAsNonRoot":false          | podOverrides: {containerSecurityContext: {runAsNonRoot: false}}
          "runAsUser":0                 | podOverrides: {containerSecurityContext: {runAsUser: 0}}
          SYS_ADMIN                     | podOverrides: {containerSecurityContext: {capabilities: {add: [SYS_ADMIN]}}}
          procMount                     | podOverrides: {containerSecurityContext: {procMount: Unmasked}}
          Unconfined                    | podOverrides: {containerSecurityContext: {seccompProfile: {type: Unconfined}}}
          apparmor                      | podOverrides: {annotations: {container.apparmor.security.beta.kubernetes.io/agent: unconfined}}
          valueFrom                     | env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]
          envFrom                       | envFrom: [{secretRef: {name: s}}]
          hostPort                      | ports: [{containerPort: 1, hostPort: 1}]
          lifecycle                     | lifecycle: {postStart: {httpGet: {host: other, port: 1}}}
          """)
  void isRefusedOrForgotten(String word, String template, ApiServer server) {
    var manifest = deployment().with("spec: {template: {%s}}".formatted(template));

    assertThat(kept(manifest, server)).doesNotContain(word);
  }

  /** What is stored of the template, nothing where it is refused. */
  private static String kept(Manifest manifest, ApiServer server) {
    try {
      var stored =
          manifest
              .on(server.client())
              .dryRun()
              .fieldValidation(Validation.IGNORE)
              .create()
              .get("spec", "template");
      return Serialization.asJson(stored);
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).as(e.getMessage()).isEqualTo(422);
      return "";
    }
  }
}
