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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls a real service that speaks TLS and demands client certificates. */
final class HttpsIT {

    @TempDir
    private static Path home;

    private static Certificates certificates;
    private static ServiceProcess service;

    @BeforeAll
    static void start() throws Exception {
        certificates = Certificates.create();
        Map<String, String> variables = Map.of(
                "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                certificates.server().certificate().toString(),
                "KEYSWEEP_SERVER_TLS_KEY",
                certificates.server().key().toString(),
                "KEYSWEEP_SERVER_TLS_CLIENT_CA",
                authority());
        service = ServiceProcess.launch(ServiceJvm.packaged(), home, variables);
        service.awaitListening();

        assertThat(service.endpoint()).startsWith("https://");
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        certificates.close();
    }

    @Test
    void command_withAuthorityAndClientCertificateAsOptions_isServed() {
        TestShell shell = shell();
        assertThat(KeysweepCommand.run(
                        shell.context(),
                        "workers",
                        "--endpoint-ca=" + authority(),
                        "--endpoint-cert=" + certificates.client().certificate(),
                        "--endpoint-key=" + certificates.client().key()))
                .as(shell.err())
                .isZero();
        assertThat(shell.out()).contains("worker");
    }

    @Test
    void command_withAuthorityAndClientCertificateInVariables_isServed() {
        TestShell shell = shell().with("KEYSWEEP_ENDPOINT_CA", authority())
                .with(
                        "KEYSWEEP_ENDPOINT_CERT",
                        certificates.client().certificate().toString())
                .with("KEYSWEEP_ENDPOINT_KEY", certificates.client().key().toString());

        assertThat(KeysweepCommand.run(shell.context(), "workers"))
                .as(shell.err())
                .isZero();
        assertThat(shell.out()).contains("worker");
    }

    @Test
    void command_withoutTheAuthority_failsAndNamesTheOption() {
        TestShell shell = shell();
        assertThat(KeysweepCommand.run(shell.context(), "workers")).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(shell.err()).contains("no TLS connection", "--endpoint-ca (KEYSWEEP_ENDPOINT_CA)");
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void command_withoutAClientCertificate_getsNoAnswer() {
        TestShell shell = shell().with("KEYSWEEP_ENDPOINT_CA", authority());
        assertThat(KeysweepCommand.run(shell.context(), "workers")).isEqualTo(ExitCode.UNREACHABLE.number());

        // The server can close the connection before the client has read why, so there are two messages.
        assertThat(shell.err())
                .containsPattern("no (TLS connection to|answer from) the service at https://")
                .doesNotContain("--endpoint-ca");
        assertThat(shell.out()).isEmpty();
    }

    /** Returns the file of the authority that has signed all certificates of this test. */
    private static String authority() {
        return certificates.authority().certificate().toString();
    }

    private static TestShell shell() {
        return new TestShell().withHome(home).withClock(InstantSource.system());
    }
}
