package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.Certificates;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Tests the options and variables for TLS between the command line and the service. */
final class ServiceTlsOptionsTest {

    @AutoClose
    private final Certificates certificates = Certificates.create();

    private final TestShell shell = new TestShell();

    @Test
    void resolve_noOption_trustsWhatJavaTrusts() {
        assertThat(resolve("https://h")).isNull();
    }

    @Test
    void resolve_options_overrideTheEnvironment() {
        shell.with("KEYSWEEP_ENDPOINT_CA", "other.pem")
                .with("KEYSWEEP_ENDPOINT_CERT", "c.pem")
                .with("KEYSWEEP_ENDPOINT_KEY", "k.pem");
        assertThat(resolve("https://h", "--endpoint-ca=ca.pem"))
                .isEqualTo(new ServiceTls(Path.of("ca.pem"), Path.of("c.pem"), Path.of("k.pem")));
    }

    @Test
    void resolve_variablesForAnEndpointWithoutTls_areIgnored() {
        shell.with("KEYSWEEP_ENDPOINT_CA", "ca.pem");
        assertThat(resolve("http://h")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://h,  --endpoint-ca=ca.pem,  --endpoint-ca is given",
        "https://h, --endpoint-cert=c.pem, --endpoint-cert needs --endpoint-key",
        "https://h, --endpoint-key=k.pem,  --endpoint-key needs --endpoint-cert"
    })
    void resolve_optionsThatDoNotFit_areRefused(String endpoint, String option, String words) {
        assertUsageError(() -> resolve(endpoint, option), words);
    }

    @Test
    void context_ofGoodFiles_isCreated() {
        assertThat(new ServiceTls(
                                certificates.authority().certificate(),
                                certificates.client().certificate(),
                                certificates.client().key())
                        .context())
                .isNotNull();
    }

    @Test
    void context_ofOtherFiles_namesTheFileAndTheRule() {
        Path text = certificates.file("text", "no certificate");
        Path certificate = certificates.client().certificate();

        assertUsageError(
                () -> new ServiceTls(text, /* certificate= */ null, /* key= */ null).context(),
                "text' holds no certificates in PEM form");
        assertUsageError(
                () -> new ServiceTls(/* authorities= */ null, certificate, text).context(),
                "text' holds no private key in PEM form");

        Path damagedFile =
                certificates.file("damaged", "-----BEGIN PRIVATE KEY-----\nA=B\n-----END PRIVATE KEY-----\n");
        assertUsageError(
                () -> new ServiceTls(/* authorities= */ null, certificate, damagedFile).context(),
                "damaged' holds a damaged private key");
        assertUsageError(
                () -> new ServiceTls(text.resolveSibling("none"), /* certificate= */ null, /* key= */ null).context(),
                "none' does not exist");
    }

    private static void assertUsageError(Runnable call, String words) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(words);
    }

    private @Nullable ServiceTls resolve(String endpoint, String... arguments) {
        return CommandLine.populateCommand(new ServiceTlsOptions(), arguments)
                .resolve(URI.create(endpoint), shell.context());
    }
}
