package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Tests how the TLS options of a command change the access to a Redis server. */
final class TlsOptionsTest {

    @Test
    void addTo_everyOption_keepsTheCredentials() {
        try (Certificates certificates = Certificates.create()) {
            Path authority = certificates.authority().certificate();
            Certificates.Pair client = certificates.client();

            Deployment deployment = addTo(
                    "rediss://:secret@h",
                    "--tls-ca=" + authority,
                    "--tls-cert=" + client.certificate(),
                    "--tls-key=" + client.key());

            assertThat(deployment.access().tls()).isEqualTo(Tls.ofFiles(authority, client.certificate(), client.key()));
            assertThat(deployment.access().credentials()).isEqualTo(new Credentials(/* username= */ null, "secret"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--tls-ca=/no.pem, '', CA file /no.pem does not exist",
        "--tls-ca=/tmp, '', CA file /tmp is a folder",
        "--tls-cert=/no.pem, --tls-key=/no.key, client certificate file /no.pem does not exist"
    })
    void addTo_unusableFile_isAUsageErrorThatNamesIt(String option, String secondOption, String problem) {
        String[] arguments = secondOption.isEmpty() ? new String[] {option} : new String[] {option, secondOption};

        assertThatThrownBy(() -> addTo("rediss://h", arguments))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith(problem);
    }

    @ParameterizedTest
    @CsvSource({"redis://h", "rediss://h", "unix:///h"})
    void addTo_noOption_changesNothing(String uri) {
        assertThat(addTo(uri)).isEqualTo(DeploymentUri.parse(uri));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h, --tls-ca, must begin with rediss",
        "unix:///h, --tls-ca, must begin with rediss",
        "redis://h, --tls-cert, must begin with rediss",
        "redis://h, --tls-key, must begin with rediss",
        "rediss://h, --tls-cert, --tls-key is missing",
        "rediss://h, --tls-key, --tls-cert is missing"
    })
    void addTo_misplacedOption_isAUsageErrorThatNamesIt(String uri, String option, String rule) {
        assertThatThrownBy(() -> addTo(uri, option + "=file.pem"))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(option)
                .hasMessageContaining(rule);
    }

    private static Deployment addTo(String uri, String... arguments) {
        return CommandLine.populateCommand(new TlsOptions(), arguments).addTo(DeploymentUri.parse(uri));
    }
}
