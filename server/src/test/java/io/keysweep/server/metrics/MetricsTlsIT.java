package io.keysweep.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ClientTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a service with TLS also serves its metrics over TLS if they have their own port. */
class MetricsTlsIT {

    private static final String REQUEST = "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    @Test
    void metricsPort_ofAServiceWithTls_usesTls(@TempDir Path home) throws IOException {
        try (Certificates certificates = Certificates.create()) {
            ClientTls client = ClientTls.of(certificates.authority(), /* client= */ null);
            Map<String, String> variables = Map.of(
                    "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                    certificates.server().certificate().toString(),
                    "KEYSWEEP_SERVER_TLS_KEY",
                    certificates.server().key().toString(),
                    "KEYSWEEP_METRICS_PORT",
                    "0");
            try (TestService service = TestService.start(home, variables, client)) {
                int port = service.bean(MetricsPort.class).number();

                // A client with TLS gets the metrics. Without TLS, a request is refused.
                try (SSLSocket socket = client.connect("https://127.0.0.1:" + port)) {
                    assertThat(ClientTls.exchange(socket, REQUEST))
                            .startsWith("HTTP/1.1 200")
                            .contains("keysweep_instances");
                }
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    assertThat(ClientTls.exchange(socket, REQUEST)).startsWith("HTTP/1.1 400");
                }
            }
        }
    }
}
