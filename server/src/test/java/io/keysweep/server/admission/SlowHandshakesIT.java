package io.keysweep.server.admission;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ClientTls;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests a service while clients open more connections than it allows, and finish no TLS handshake on them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class SlowHandshakesIT {

    private static final int CONNECTIONS = 64;
    private static final int ATTACKERS = 3 * CONNECTIONS;

    /** The beginning of a handshake record whose header announces 512 bytes, of which only a few follow. */
    private static final String HALF_HELLO = "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003";

    private Certificates certificates;
    private ClientTls client;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path home) {
        certificates = Certificates.create();
        client = ClientTls.of(certificates.authority(), /* client= */ null);
        service = TestService.start(
                home,
                Map.of(
                        "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                        certificates.server().certificate().toString(),
                        "KEYSWEEP_SERVER_TLS_KEY",
                        certificates.server().key().toString(),
                        "KEYSWEEP_LIMITS_CONNECTIONS",
                        Integer.toString(CONNECTIONS)),
                client);
    }

    @AfterAll
    void stop() {
        service.close();
        certificates.close();
    }

    // name, whether a client sends the beginning of a handshake, whether it then sends a byte every 500 ms
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing is sent, false, false",
        "the first message stops, true, false",
        "the first message comes byte by byte, true, true"
    })
    void handshakes_thatClientsDoNotFinish_areEndedWhileOthersAreServed(String name, boolean begin, boolean trickle)
            throws Exception {
        try (HostileClients hostile = new HostileClients(service.endpoint())) {
            hostile.connect(ATTACKERS, begin ? HALF_HELLO : "");
            if (trickle) {
                hostile.trickle("\u0000");
            }

            // Another client can do a handshake and send a request, more than once.
            for (int i = 0; i < 3; i++) {
                assertThat(client.presentedCertificate(service.endpoint())
                                .getSubjectX500Principal()
                                .getName())
                        .contains("server");
                assertThat(service.call(service.administrator(), "GET", "/api/v1/instances", "")
                                .status())
                        .isEqualTo(200);
            }

            await("every handshake is ended").until(hostile::allEnded);
        }
    }
}
