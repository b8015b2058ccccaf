package io.keysweep.server.tls;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.keysweep.server.TestService;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ClientTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Tests a running service whose TLS files are replaced by good and by bad ones. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class TlsReloadIT {

    private static final String OLD_SUBJECT = "CN=keysweep test server";
    private static final String NEW_SUBJECT = "CN=keysweep test renewed server";

    @TempDir
    private Path home;

    @AutoClose
    private final Certificates certificates = Certificates.create();

    private final ClientTls client = ClientTls.of(certificates.authority(), /* client= */ null);
    private final LogLines log = new LogLines();

    @AfterEach
    void stopLog() {
        logger().detachAppender(log);
    }

    @Test
    void certificate_replacedWhileRequestsAreSent_isUsedWithoutAFailure() throws Exception {
        install(certificates.server());
        try (TestService service = start(pemSettings())) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger requests = new AtomicInteger();
            List<Object> failures = new CopyOnWriteArrayList<>();
            Thread requester = Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    try {
                        // The test sends a request on the open connection, and then makes a new connection.
                        int status = service.call(service.administrator(), "GET", "/api/v1/instances", "")
                                .status();
                        if (status != 200) {
                            failures.add(status);
                        }
                        client.presentedCertificate(service.endpoint());
                        requests.incrementAndGet();
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                }
            });
            assertThat(subjectOfShownCertificate(service)).isEqualTo(OLD_SUBJECT);

            install(certificates.renewedServer());
            await("the new certificate is used")
                    .until(() -> subjectOfShownCertificate(service).equals(NEW_SUBJECT));
            int before = requests.get();
            await("requests continue")
                    .failFast("the requester has ended", () -> !requester.isAlive())
                    .until(() -> requests.get() > before + 3);
            stop.set(true);
            requester.join();

            assertThat(failures).isEmpty();

            await("the reload is logged").until(() -> log.contains("TLS uses the changed files", NEW_SUBJECT));
        }
    }

    @Test
    void certificate_replacedByABrokenOne_isKeptUntilTheFilesAreRight() throws Exception {
        install(certificates.server());
        String renewed = Files.readString(certificates.renewedServer().certificate());
        try (TestService service = start(pemSettings())) {
            for (String broken : List.of(
                    renewed.substring(0, renewed.length() / 2),
                    "",
                    // The new certificate does not belong to the old key.
                    renewed)) {
                log.clear();
                Files.writeString(home.resolve("server.pem"), broken);

                assertOldIsKept(service);
            }

            log.clear();
            Files.delete(home.resolve("server.pem"));
            assertOldIsKept(service);

            install(certificates.renewedServer());
            await("the new certificate is used")
                    .until(() -> subjectOfShownCertificate(service).equals(NEW_SUBJECT));
        }
    }

    @Test
    void keystore_replacedByABrokenOne_isKeptUntilTheFileIsRight() throws Exception {
        Path keystore = home.resolve("server.p12");
        ClientTls.writeKeystore(keystore, certificates.server(), "changeit");
        Map<String, String> variables = Map.of(
                "KEYSWEEP_SERVER_TLS_KEYSTORE", "server.p12",
                "KEYSWEEP_SERVER_TLS_PASSWORD", "changeit");
        try (TestService service = start(variables)) {
            Files.writeString(keystore, "no keystore");
            assertOldIsKept(service);

            log.clear();
            ClientTls.writeKeystore(keystore, certificates.renewedServer(), "another password");
            assertOldIsKept(service);

            ClientTls.writeKeystore(keystore, certificates.renewedServer(), "changeit");
            await("the new certificate is used")
                    .until(() -> subjectOfShownCertificate(service).equals(NEW_SUBJECT));
        }
    }

    /** Waits until the service has refused the changed files, and checks that it says so in one line. */
    private void assertOldIsKept(TestService service) {
        await("the refusal is logged").until(() -> log.contains("new connections still get the old certificate", ""));
        assertThat(log.lines)
                .allSatisfy(line -> assertThat(line).hasLineCount(1))
                .noneMatch(line -> line.contains("TLS uses the changed files"));
        assertThat(subjectOfShownCertificate(service)).isEqualTo(OLD_SUBJECT);
        assertThat(service.send("GET", "/livez", Map.of(), "").status()).isEqualTo(200);
    }

    /** Starts a service, and records the log from then on: the first start in a JVM removes all appenders. */
    private TestService start(Map<String, String> variables) {
        TestService service = TestService.start(home, variables, client);
        log.start();
        logger().addAppender(log);
        return service;
    }

    private String subjectOfShownCertificate(TestService service) {
        return client.presentedCertificate(service.endpoint())
                .getSubjectX500Principal()
                .getName();
    }

    private void install(Certificates.Pair pair) throws IOException {
        Files.copy(pair.key(), home.resolve("server.key"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(pair.certificate(), home.resolve("server.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, String> pemSettings() {
        return Map.of("KEYSWEEP_SERVER_TLS_CERTIFICATE", "server.pem", "KEYSWEEP_SERVER_TLS_KEY", "server.key");
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(CertificateReload.class);
    }

    /** Records the lines of a logger. */
    private static final class LogLines extends AppenderBase<ILoggingEvent> {

        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }

        private boolean contains(String words, String more) {
            return lines.stream().anyMatch(line -> line.contains(words) && line.contains(more));
        }

        private void clear() {
            lines.clear();
        }
    }
}
