package dev.agentservice.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChaChaFirstTest {

  /** RFC 8446, appendix B.4: TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256. */
  private static final int CHACHA20 = 0x1303;

  private static final int AES_128 = 0x1301;

  @Test
  @Timeout(30)
  void isOfferedFirstAndAesAfterIt() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var config =
          new ConfigBuilder(Config.empty())
              .withMasterUrl("https://127.0.0.1:" + server.getLocalPort())
              .withRequestRetryBackoffLimit(0)
              .build();
      try (var client =
          new KubernetesClientBuilder()
              .withConfig(config)
              .withHttpClientFactory(new ChaChaFirst())
              .build()) {
        var http = client.getHttpClient();
        var unanswered =
            http.sendAsync(
                http.newHttpRequestBuilder().uri(config.getMasterUrl()).build(), byte[].class);
        try (var caller = server.accept()) {
          var offered = offeredIn(caller.getInputStream());

          assertThat(unanswered).isNotDone();
          assertThat(offered.getFirst()).isEqualTo(CHACHA20);
          assertThat(offered).as("for API servers that may use nothing else").contains(AES_128);
        }
      }
    }
  }

  /** The cipher suites of a ClientHello (RFC 8446, section 4.1.2). */
  private static List<Integer> offeredIn(InputStream bytes) throws IOException {
    var hello = new DataInputStream(bytes);
    var record = 5;
    var handshake = 4;
    var versionAndRandom = 2 + 32;
    hello.skipNBytes(record + handshake + versionAndRandom);
    hello.skipNBytes(hello.readUnsignedByte()); // session id
    var suites = new ArrayList<Integer>();
    for (var left = hello.readUnsignedShort(); left > 0; left -= 2) {
      suites.add(hello.readUnsignedShort());
    }
    return suites;
  }
}
