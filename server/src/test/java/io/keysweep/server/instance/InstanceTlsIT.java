package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tests instances with certificates in the native API: a scan over mutual TLS, and how certificates change. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstanceTlsIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String INSTANCES = "/api/v1/instances";

    private TestService service;
    private Credentials key;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("instances with certificates");
    }

    @Test
    void instanceWithMutualTls_isSwept_andItsPrivateKeyIsNotShown() throws IOException {
        int dead = 40;
        try (Certificates certificates = Certificates.create();
                RedisServer secured = RedisServer.startWithTls(
                        RedisVersion.REDIS_7_0,
                        certificates.server(),
                        certificates.authority().certificate())) {
            KeySpace.withExpiryOff(secured.client()).plant(/* db= */ 0, /* live= */ 100, dead);
            String privateKey = Files.readString(certificates.client().key());
            ObjectNode body = body("tls", "rediss://127.0.0.1:" + secured.tlsPort())
                    .put("tlsCa", Files.readString(certificates.authority().certificate()))
                    .put(
                            "tlsCertificate",
                            Files.readString(certificates.client().certificate()))
                    .put("tlsKey", privateKey);
            Answer registered = service.call(key, "POST", INSTANCES, body.toString());
            assertThat(registered.body().has("problem"))
                    .as(registered.response().body())
                    .isFalse();

            // The instance shows its certificates, but not its key.
            JsonNode tls = registered.body().get("tls");
            assertThat(tls.get("authorities").get(0).get("sha256").asString()).hasSize(64);
            assertThat(tls.get("certificate").get(0).get("notAfter").asString()).isNotBlank();

            String path = INSTANCES + "/" + registered.id();
            assertThat(service.call(key, "GET", path, "").response().body()).doesNotContain("PRIVATE KEY");
            assertThat(storedTlsSecret(registered.id())).startsWith("v1:").doesNotContain(lineOf(privateKey));

            // A scan of the instance reclaims its dead keys.
            service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + registered.id() + "\"}");
            Waits.await("the scan has reclaimed all expired keys")
                    .until(
                            () -> service.call(key, "GET", "/api/v1/scans?instanceId=" + registered.id(), "")
                                    .body()
                                    .get("scans")
                                    .get(0),
                            scan -> scan.get("status").asString().equals("success")
                                    && scan.get("reclaimed").asLong() == dead);

            // A new certificate needs its key. With an unchanged certificate, the stored key is kept.
            String otherCertificate =
                    Files.readString(certificates.otherClient().certificate());
            assertThat(patch(
                                    path,
                                    JSON.createObjectNode()
                                            .put("tlsCertificate", otherCertificate)
                                            .toString())
                            .fieldProblems())
                    .containsExactly(
                            "tlsKey: client key does not belong to client certificate, must hold the private key of the"
                                    + " first certificate there.");

            // Without the authority, the server is not trusted.
            Answer untrusted = patch(path, "{\"tlsCa\":null}");
            assertThat(untrusted.body().get("problem").asString()).contains("that Java trusts");

            // The client certificate can be removed.
            Answer withoutCertificate = patch(path, "{\"tlsCertificate\":null}");
            assertThat(withoutCertificate.status()).isEqualTo(200);
            assertThat(withoutCertificate.body().get("tls").get("certificate")).isEmpty();

            // An authority needs a URI with TLS.
            assertThat(service.call(
                                    key,
                                    "POST",
                                    INSTANCES,
                                    body("plain", secured.uri())
                                            .set("tlsCa", body.get("tlsCa"))
                                            .toString())
                            .fieldProblems())
                    .containsExactly("tlsCa is set, which needs a URI that begins with rediss.");
        }
    }

    private String storedTlsSecret(String id) {
        return service.bean(JdbcClient.class)
                .sql("select tls_secret from instance where cast(id as varchar(36)) = ?")
                .param(id)
                .query(String.class)
                .single();
    }

    /** Returns the first line of the content of a PEM text. */
    private static String lineOf(String pem) {
        return pem.lines().skip(1).findFirst().orElseThrow();
    }

    private static ObjectNode body(String name, String uri) {
        return JSON.createObjectNode().put("name", name).put("uri", uri);
    }

    private Answer patch(String path, String body) {
        return service.call(key, "PATCH", path, body);
    }
}
