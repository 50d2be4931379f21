package dev.agentservice.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentservice.e2e.chaos.Repository;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** The one node of our own cluster, for what is not done to a cluster of somebody else. */
final class Node {

  private Node() {}

  /** Leaves the test out, and says so, on a cluster that {@code make up} has not made. */
  static void assumeOurs(String whatIsLeftOut) {
    var ours = System.getenv("CONTAINERD_ADDRESS") != null;
    if (!ours) {
      System.out.printf(
          "NOT TESTED: %s. It is done to our own cluster only: make e2e without KUBECONFIG.%n",
          whatIsLeftOut);
    }
    assumeTrue(ours, whatIsLeftOut);
  }

  /**
   * Its components' files.
   *
   * @param folder {@code etcd}: every version of every object, in the clear but for Secrets; or
   *     {@code log}
   */
  static List<Path> files(String folder) throws IOException {
    return filesIn(Repository.STATE.resolve(folder));
  }

  /** What goes meanwhile, with a pod of another test, is left out. */
  static List<Path> filesIn(Path folder) throws IOException {
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /** The bytes of a file, one character each; none where it has gone meanwhile. */
  static String content(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException _) {
      return "";
    }
  }

  /** From then on the node is silent; what runs on it runs on. */
  static void stopKubelet() {
    Cluster.bash("../cluster/cluster stop kubelet");
  }

  /** Registers the node again, if need be; back when it and the cluster's DNS are ready. */
  static void startKubelet() {
    Cluster.bash(
        """
        ../cluster/cluster start kubelet
        until kubectl get node -o name | grep -q .; do sleep 0.2; done
        kubectl wait --for=condition=Ready node --all --timeout=60s
        kubectl rollout status deployment/coredns -n kube-system --timeout=60s
        """);
  }

  /** Kills the only container of a pod, as the kernel or an administrator would. */
  static void killContainer(Pod pod) {
    assumeOurs("a container that is killed");
    var container =
        pod.getStatus().getContainerStatuses().getFirst().getContainerID().split("//", -1)[1];
    Cluster.bash(
        "ctr --address \"$CONTAINERD_ADDRESS\" --namespace k8s.io tasks kill --signal SIGKILL "
            + container);
  }
}
