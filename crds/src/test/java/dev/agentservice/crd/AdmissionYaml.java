package dev.agentservice.crd;

import static java.util.stream.Collectors.joining;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Makes the ValidatingAdmissionPolicies, as the text that is committed in admission/. The API
 * server lets one expression ask two rights and one policy 28, so each name is asked by an
 * expression of its own: that is what repeats itself here.
 */
final class AdmissionYaml {
  /** What may be named with a right to each alone; who names more must be allowed to get all. */
  static final int ASKED_ONE_BY_ONE = 16;

  /**
   * Of the chart, in a release agentservice in namespace agentservice-system; it puts in others.
   */
  static final String OPERATOR = "system:serviceaccount:agentservice-system:agentservice-operator";

  static final String API = "system:serviceaccount:agentservice-system:agentservice-api";

  private static final Validation CREATE_PODS =
      new Validation(
          "authorizer.group('').resource('pods').namespace(request.namespace).check('create').allowed()",
          "request.userInfo.username + ' may not create pods in namespace ' + request.namespace"
              + " + ': whoever says what agents run and what they may reach must hold that right'");

  private static final Validation CREATE_TOKENS =
      new Validation(
          """
          !variables.hasNewRecipe || !has(variables.overrides.serviceAccountName)
          || authorizer.group('').resource('serviceaccounts').subresource('token').namespace(request.namespace)
          .name(variables.overrides.serviceAccountName).check('create').allowed()""",
          """
          request.userInfo.username + ' may not create serviceaccounts/token of '
          + variables.overrides.?serviceAccountName.orValue('') + ' in namespace ' + request.namespace
          + ': whoever names a ServiceAccount in the template must hold that right'""");

  private AdmissionYaml() {}

  /** File name to text, for each kind. */
  static Map<String, String> generate() {
    var files = new TreeMap<String, String>();
    for (var policy : List.of(deployments(), versions(), services())) {
      files.put(policy.plural() + ".yml", policy.text());
    }
    return files;
  }

  private static Policy deployments() {
    var newRecipe =
        "request.operation == 'CREATE' || object.spec.template != oldObject.spec.template";
    return new Policy(
        """
        # Who says what agents run, and what they may reach, must be allowed to create pods; who writes a recipe, to get
        # each Secret and ConfigMap it names and to create tokens of its ServiceAccount. A changed template is a new
        # recipe: whoever could change the image beside a Secret's name would read that Secret. Other fields ask nothing.
        """,
        "agentdeployments",
        List.of("agentdeployments"),
        List.of("CREATE", "UPDATE"),
        """
        - name: says-what-runs
          expression: >-
            NEW_RECIPE
            || object.spec.?activeVersion != oldObject.spec.?activeVersion
            || object.spec.?permissions != oldObject.spec.?permissions
        """
            .replace("NEW_RECIPE", newRecipe),
        recipe(newRecipe),
        readable("the template", List.of(CREATE_PODS, CREATE_TOKENS)));
  }

  private static Policy versions() {
    var intoDeployment =
        new Validation(
            """
            authorizer.group('agentservice.dev').resource('agentdeployments').namespace(request.namespace)
            .name(object.spec.deployment).check('update').allowed()""",
            """
            request.userInfo.username + ' may not update agentdeployments/' + object.spec.deployment
            + ' in namespace ' + request.namespace
            + ': versions are cut by the operator, or restored by whoever may write the AgentDeployment'""");
    return new Policy(
        """
        # Versions are cut by the operator. A version made by hand (a restored backup) is a recipe like any other: its
        # maker must be allowed to put it into the AgentDeployment, and hold what that one's author must hold.
        # The user in matchConditions is the operator's own: change it where the operator runs under another name.
        """,
        "agentversions",
        List.of("agentversions"),
        List.of("CREATE"),
        """
        - name: is-not-the-operator
          expression: >-
            request.userInfo.username != 'OPERATOR'
        """
            .replace("OPERATOR", OPERATOR),
        recipe("true"),
        readable("the template", List.of(intoDeployment, CREATE_PODS, CREATE_TOKENS)));
  }

  private static Policy services() {
    var variables = new LinkedHashMap<String, String>();
    variables.put(
        "names",
        namesInService("object")
            .replace(
                "[?object.spec.?envSecret.?name, ",
                """
                [?request.userInfo.username == '%s'
                ? optional.none() : object.spec.?envSecret.?name,
                """
                    .formatted(API)));
    variables.put(
        "namesBefore", "request.operation == 'CREATE' ? [] :\n" + namesInService("oldObject"));
    variables.put("namesAdded", "variables.names.filter(name, !(name in variables.namesBefore))");
    variables.put("newNames", eachOnce("variables.namesAdded", mostNamesInAService()));
    return new Policy(
        """
        # Who names a Secret or ConfigMap in an AgentService must be allowed to get it: its agent will see what is in it.
        # A change asks only for names that were not there before. The status names a Secret too; what the operator
        # writes there comes from the spec, so it is never asked. The HTTP API asks for its caller's rights itself, and
        # what it names in envSecret is a Secret that it makes under a new name: only that name is not asked of it.
        # The user in the first variable is the API's own: change it where the API runs under another name.
        """,
        "agentservices",
        List.of("agentservices", "agentservices/status"),
        List.of("CREATE", "UPDATE"),
        """
        - name: may-name-something-new
          expression: >-
            request.operation == 'CREATE' || object.spec != oldObject.spec
            || object.?status.?envSecretName != oldObject.?status.?envSecretName
        """,
        variables,
        readable("this AgentService", List.of()));
  }

  /** Not as optionals: a variable that holds one reads as absent. */
  private static Map<String, String> recipe(String isNew) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("hasNewRecipe", isNew);
    variables.put("overrides", "object.spec.template.?podOverrides.orValue({})");
    variables.put("volumes", "variables.overrides.?volumes.orValue([])");
    variables.put(
        "names",
        """
        variables.overrides.?imagePullSecrets.orValue([]).map(one, 'secrets/' + one.name)
        + variables.volumes.map(one, has(one.secret), 'secrets/' + one.secret.secretName)
        + variables.volumes.map(one, has(one.configMap), 'configmaps/' + one.configMap.name)""");
    variables.put(
        "newNames",
        "!variables.hasNewRecipe ? [] :\n" + eachOnce("variables.names", mostNamesInARecipe()));
    return variables;
  }

  private static String namesInService(String object) {
    return """
    [?OBJECT.spec.?envSecret.?name, ?OBJECT.?status.?envSecretName].map(name, 'secrets/' + name)
    + OBJECT.spec.?envFrom.orValue([]).map(one,
      has(one.secretRef) ? 'secrets/' + one.secretRef.name :
      has(one.secretKeyRef) ? 'secrets/' + one.secretKeyRef.name :
      has(one.configMapRef) ? 'configmaps/' + one.configMapRef.name :
      'configmaps/' + one.configMapKeyRef.name)"""
        .replace("OBJECT", object);
  }

  /** From the schemas: a name beyond would not be asked. */
  private static int mostNamesInAService() {
    var envSecretOfSpecAndStatus = 2;
    return envSecretOfSpecAndStatus + mostItems(AgentService.class, "/envFrom");
  }

  private static int mostNamesInARecipe() {
    var overrides = "/template/properties/podOverrides/properties";
    return mostItems(AgentDeployment.class, overrides + "/imagePullSecrets")
        + mostItems(AgentDeployment.class, overrides + "/volumes");
  }

  private static int mostItems(Class<? extends HasMetadata> kind, String list) {
    var spec = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";
    return CrdYaml.of(kind).at(spec + list).required("maxItems").intValue();
  }

  /** Up to 1.33 no function of CEL counts, nor takes doubles out of a list. */
  private static String eachOnce(String list, int most) {
    var numbers = IntStream.range(0, most).mapToObj(String::valueOf).collect(joining(", "));
    return "[%s]\n.map(i, i < size(LIST) && LIST.indexOf(LIST[i]) == i, LIST[i])"
        .formatted(numbers)
        .replace("LIST", list);
  }

  /** What {@code who} names must be readable by who wrote it. */
  private static List<Validation> readable(String who, List<Validation> before) {
    var validations = new ArrayList<>(before);
    validations.add(
        new Validation(
            """
            size(variables.newNames) <= LIMIT || (
            (!variables.newNames.exists(name, name.startsWith('secrets/'))
            || authorizer.group('').resource('secrets').namespace(request.namespace).check('get').allowed())
            && (!variables.newNames.exists(name, name.startsWith('configmaps/'))
            || authorizer.group('').resource('configmaps').namespace(request.namespace).check('get').allowed()))"""
                .replace("LIMIT", String.valueOf(ASKED_ONE_BY_ONE)),
            """
            request.userInfo.username + ' may not get all secrets and configmaps in namespace ' + request.namespace
            + ': whoever names more than LIMIT of them in WHO must hold that right'"""
                .replace("LIMIT", String.valueOf(ASKED_ONE_BY_ONE))
                .replace("WHO", who)));
    for (int i = 0; i < ASKED_ONE_BY_ONE; i++) {
      validations.add(
          new Validation(
              """
              size(variables.asked) <= INDEX
              || authorizer.group('').resource(variables.asked[INDEX].split('/')[0]).namespace(request.namespace)
              .name(variables.asked[INDEX].split('/')[1]).check('get').allowed()"""
                  .replace("INDEX", String.valueOf(i)),
              """
              size(variables.asked) <= INDEX ? '' : request.userInfo.username + ' may not get ' + variables.asked[INDEX]
              + ' in namespace ' + request.namespace + ': whoever names it in WHO must hold that right'"""
                  .replace("INDEX", String.valueOf(i))
                  .replace("WHO", who)));
    }
    return validations;
  }

  /** What must be true, and what is said where it is not: both in CEL. */
  private record Validation(String expression, String message) {}

  private record Policy(
      String why,
      String plural,
      List<String> resources,
      List<String> operations,
      String matchConditions,
      Map<String, String> variables,
      List<Validation> validations) {

    String text() {
      var all = new LinkedHashMap<>(variables);
      all.put(
          "asked", "size(variables.newNames) > " + ASKED_ONE_BY_ONE + " ? [] : variables.newNames");
      return """
      # Generated by crds/src/test/java/dev/agentservice/crd/AdmissionYaml.java: `make crds` writes it.
      WHY\
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata:
        name: PLURAL.agentservice.dev
      spec:
        failurePolicy: Fail
        matchConstraints:
          resourceRules:
            - apiGroups: [agentservice.dev]
              apiVersions: [v1alpha1]
              operations: OPERATIONS
              resources: RESOURCES
        matchConditions:
      CONDITIONS\
        variables:
      VARIABLES\
        validations:
      VALIDATIONS\
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata:
        name: PLURAL.agentservice.dev
      spec:
        policyName: PLURAL.agentservice.dev
        validationActions: [Deny]
      """
          .replace("WHY", why)
          .replace("PLURAL", plural)
          .replace("OPERATIONS", operations.toString())
          .replace("RESOURCES", resources.toString())
          .replace("CONDITIONS", matchConditions.indent(4))
          .replace("VARIABLES", named(all))
          .replace("VALIDATIONS", validations.stream().map(Policy::text).collect(joining()));
    }

    private static String named(Map<String, String> expressions) {
      return expressions.entrySet().stream()
          .map(
              entry ->
                  "    - name: %s\n      expression: >-\n%s"
                      .formatted(entry.getKey(), entry.getValue().indent(8)))
          .collect(joining());
    }

    private static String text(Validation validation) {
      return "    - expression: >-\n%s      messageExpression: >-\n%s      reason: Forbidden\n"
          .formatted(validation.expression().indent(8), validation.message().indent(8));
    }
  }
}
