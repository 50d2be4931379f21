package dev.agentservice.v1alpha1;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.INTEGER;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One agent, running in one sandbox pod behind one Service. */
@ValidationRule(
    value =
        "!self.metadata.name.contains('.') && self.metadata.name.matches('^[a-z]') && size(self.metadata.name) <= 54",
    message =
        "metadata.name must begin with a letter, have no dots and at most 54 characters: a Service carries it")
@ValidationRule(
    value =
        "!self.metadata.name.startsWith('adsvc-') || self.metadata.name.matches('^adsvc-[a-z2-7]{13}$')",
    message =
        "metadata.name beginning with adsvc- must be adsvc- and 13 characters of a-z, 2-7: other names are free")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Deployment", jsonPath = ".spec.deployment")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.versionId")
@AdditionalPrinterColumn(name = "Sandbox", jsonPath = ".status.sandboxId")
@AdditionalPrinterColumn(name = "URL", jsonPath = ".status.publicUrl")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.readinessStatus.reason", priority = 1)
@AdditionalPrinterColumn(name = "Node", jsonPath = ".status.readinessStatus.node", priority = 1)
@AdditionalPrinterColumn(
    name = "Attempt",
    jsonPath = ".status.attempt",
    type = INTEGER,
    priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = DATE)
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("agentservices")
@ShortNames("asvc")
@Categories("agents")
public class AgentService extends CustomResource<AgentServiceSpec, AgentServiceStatus>
    implements Namespaced {

  private static final String ID_PREFIX = "adsvc_";
  private static final int ID_DIGITS = 13;

  /** What a name begins with that the HTTP API chose; {@link #ID_DIGITS} base32 digits follow. */
  public static final String API_NAME_PREFIX = "adsvc-";

  /**
   * The id in the HTTP API: from the name where that API chose it, else from the UID. It never
   * changes.
   */
  public String id() {
    var metadata = getMetadata();
    return metadata.getName().startsWith(API_NAME_PREFIX)
        ? ID_PREFIX + metadata.getName().substring(API_NAME_PREFIX.length())
        : ID_PREFIX + Base32Digest.of(metadata.getUid(), ID_DIGITS);
  }

  /** By which a child says that it belongs to this service. */
  public OwnerReference ownerReference() {
    return Controller.reference(this);
  }
}
