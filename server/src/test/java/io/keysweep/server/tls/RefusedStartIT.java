package io.keysweep.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ServiceExit;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the service does not start with TLS settings under which it must not listen. */
class RefusedStartIT {

    @TempDir
    private Path home;

    @AutoClose
    private final Certificates certificates = Certificates.create();

    @Test
    void plainHttp_onAnAddressThatOthersReach_isRefused() throws Exception {
        ServiceExit refusal = ServiceExit.ofRefusedStart(home, Map.of("KEYSWEEP_SERVER_ADDRESS", "0.0.0.0"));
        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.WRONG_SETTINGS);
        assertThat(refusal.output())
                .contains("server.address is '0.0.0.0'", "server.tls.certificate", "server.allow-plain-http: true")
                .doesNotContain("\tat ");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void key_ofAnotherCertificate_isRefusedInOneSentence() throws Exception {
        ServiceExit refusal = ServiceExit.ofRefusedStart(
                home,
                Map.of(
                        "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                        certificates.server().certificate().toString(),
                        "KEYSWEEP_SERVER_TLS_KEY",
                        certificates.client().key().toString()));

        assertThat(refusal.exitCode()).isEqualTo(ServiceExit.WRONG_SETTINGS);
        assertThat(refusal.output())
                .contains("server.tls.certificate is '", "Private key", "matches none of the certificates")
                .doesNotContain("\tat ");
    }
}
