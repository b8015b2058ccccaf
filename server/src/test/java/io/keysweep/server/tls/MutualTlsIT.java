package io.keysweep.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestService;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a service that requires client certificates, with a good certificate, a foreign one, and none. */
class MutualTlsIT {

    @TempDir
    private Path home;

    @AutoClose
    private final Certificates certificates = Certificates.create();

    /** Without a value of the setting, a client certificate is required, too. */
    @ParameterizedTest
    @ValueSource(strings = {"", "required"})
    void client_withoutACertificateOfTheAuthority_isRefused(String auth) throws Exception {
        try (TestService service = start(auth)) {
            assertThat(service.call(service.administrator(), "GET", "/api/v1/instances", "")
                            .status())
                    .isEqualTo(200);
            assertThatThrownBy(() -> livez(service, /* certificate= */ null)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> livez(service, certificates.otherClient())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void client_withoutACertificate_isServedIfOneIsOnlyWanted() throws Exception {
        try (TestService service = start("wanted")) {
            assertThat(livez(service, /* certificate= */ null)).isEqualTo(200);
            assertThat(livez(service, certificates.client())).isEqualTo(200);
        }
    }

    /** Starts a service with this value of {@code server.tls.client-auth}; the default if it is empty. */
    private TestService start(String auth) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                certificates.server().certificate().toString(),
                "KEYSWEEP_SERVER_TLS_KEY",
                certificates.server().key().toString(),
                "KEYSWEEP_SERVER_TLS_CLIENT_CA",
                certificates.authority().certificate().toString()));
        if (!auth.isEmpty()) {
            variables.put("KEYSWEEP_SERVER_TLS_CLIENT_AUTH", auth);
        }
        return TestService.start(home, variables, ClientTls.of(certificates.authority(), certificates.client()));
    }

    /** Sends a request on a new connection with a client certificate, or without one, and returns the status. */
    private int livez(TestService service, Certificates.@Nullable Pair certificate) throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(ClientTls.of(certificates.authority(), certificate).context())
                .build()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(service.endpoint() + "/livez"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
