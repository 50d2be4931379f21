/**
 * The three kinds of agentservice.dev/v1alpha1. Annotations here are the schema: {@code make crds}
 * turns them into the CustomResourceDefinitions beside this module's pom.xml, with the little that
 * annotations cannot say from src/test/resources/beyond-annotations.yml. A null component is a
 * field that is absent; the API server has filled in the defaults of what it gave out.
 */
package dev.agentservice.v1alpha1;
