package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ServiceJvm;
import io.keysweep.testkit.ServiceProcess;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls a real service that speaks TLS and demands client certificates. */
final class HttpsIT {

    @Test
    void command_withAuthorityAndClientCertificate_isServed_andOthersLearnWhatIsMissing(@TempDir Path home)
            throws Exception {
        try (Certificates certificates = Certificates.create()) {
            String ca = certificates.authority().certificate().toString();
            Map<String, String> variables = Map.of(
                    "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                    certificates.server().certificate().toString(),
                    "KEYSWEEP_SERVER_TLS_KEY",
                    certificates.server().key().toString(),
                    "KEYSWEEP_SERVER_TLS_CLIENT_CA",
                    ca);
            try (ServiceProcess service = ServiceProcess.launch(ServiceJvm.packaged(), home, variables)) {
                service.awaitListening();
                assertThat(service.endpoint()).startsWith("https://");

                TestShell options = shell(home);
                assertThat(KeysweepCommand.run(
                                options.context(),
                                "workers",
                                "--endpoint-ca=" + ca,
                                "--endpoint-cert=" + certificates.client().certificate(),
                                "--endpoint-key=" + certificates.client().key()))
                        .as(options.err())
                        .isZero();
                assertThat(options.out()).contains("worker");

                TestShell variablesOnly = shell(home)
                        .with("KEYSWEEP_ENDPOINT_CA", ca)
                        .with(
                                "KEYSWEEP_ENDPOINT_CERT",
                                certificates.client().certificate().toString())
                        .with(
                                "KEYSWEEP_ENDPOINT_KEY",
                                certificates.client().key().toString());
                assertThat(KeysweepCommand.run(variablesOnly.context(), "workers"))
                        .as(variablesOnly.err())
                        .isZero();

                TestShell stranger = shell(home);
                assertThat(KeysweepCommand.run(stranger.context(), "workers")).isEqualTo(ExitCode.UNREACHABLE.number());
                assertThat(stranger.err()).contains("no TLS connection", "--endpoint-ca (KEYSWEEP_ENDPOINT_CA)");

                TestShell withoutCertificate = shell(home).with("KEYSWEEP_ENDPOINT_CA", ca);
                assertThat(KeysweepCommand.run(withoutCertificate.context(), "workers"))
                        .isEqualTo(ExitCode.UNREACHABLE.number());
            }
        }
    }

    private static TestShell shell(Path home) {
        return new TestShell().withHome(home).withClock(InstantSource.system());
    }
}
