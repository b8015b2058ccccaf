package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.report.CanonicalJson;
import io.keysweep.api.signature.Ed25519;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code keysweep report verify} with files that the test has signed. */
final class ReportVerifyCommandTest {

    private static final String REPORT =
            "{\"scan\":{\"id\":\"s-1\",\"ending\":\"expired\",\"reclaimed\":1234,\"exact\":true}}";

    private final TestShell shell = new TestShell();
    private final KeyPair keys = newKeys();
    private final FailureRecorder failures = new FailureRecorder();

    @TempDir
    private Path folder;

    @Test
    void verify_unchangedReport_isValid() throws Exception {
        assertThat(verify(signed(REPORT, REPORT))).isZero();
        assertThat(shell.out())
                .contains(
                        "valid: the report is as it was signed",
                        "s-1, expired, 1,234 keys reclaimed (exact)",
                        publicKey(keys))
                .contains("signer      not verified: give --public-key");
    }

    @Test
    void verify_reportWithAnEstimatedCount_saysSo() throws Exception {
        String report = REPORT.replace("\"exact\":true", "\"exact\":false");
        assertThat(verify(signed(report, report))).isZero();
        assertThat(shell.out()).contains("1,234 keys reclaimed (estimated)");
    }

    @Test
    void verify_withTheKeyOfTheService_isValidOnlyForThatKey() throws Exception {
        String file = signed(REPORT, REPORT);
        assertThat(verify(file, "--public-key=" + publicKey(keys))).isZero();
        assertThat(shell.out()).doesNotContain("not verified");
        assertThat(verify(file, "--public-key=" + publicKey(newKeys()))).isEqualTo(ExitCode.FAILED.number());
        assertThat(shell.out()).contains("NOT VALID: the report was signed with another key than that of --public-key");
    }

    @Test
    void verify_changedReport_isNotValid() throws Exception {
        assertThat(verify(signed(REPORT, REPORT.replace("1234", "9234")))).isEqualTo(ExitCode.FAILED.number());
        assertThat(shell.out()).contains("NOT VALID: the report was changed, or its signature is wrong");
    }

    @Test
    void verify_fileThatIsNoReport_isRefused() throws Exception {
        for (String file : List.of("", "{}", "[1]", "{\"report\":1,\"signature\":{}}", "no JSON", REPORT)) {
            assertThat(verify(file)).as(file).isEqualTo(FailureRecorder.THREW);
            assertThat(failures.latest()).isInstanceOf(CommandFailure.class).hasMessageContaining("is not a report");
        }
    }

    /**
     * A field must not occur twice: a program that takes the first occurrence would see another number than the
     * signature covers.
     */
    @Test
    void verify_reportThatHasAFieldTwice_isRefused() throws Exception {
        String reportWithRepeatedField =
                signed(REPORT, REPORT).replace("\"reclaimed\":1234", "\"reclaimed\":9,\"reclaimed\":1234");
        assertThat(verify(reportWithRepeatedField)).isEqualTo(FailureRecorder.THREW);
        assertThat(failures.latest()).hasMessageContaining("is not a report");
    }

    @Test
    void verify_fileWithoutAnEnd_isRefused() {
        assertThat(verifyFile(Path.of("/dev/zero"))).isEqualTo(FailureRecorder.THREW);
        assertThat(failures.latest()).isInstanceOf(CommandFailure.class).hasMessageContaining("is larger than 32 MiB");
    }

    /** Verifies a file with this content, and returns the exit code or {@link FailureRecorder#THREW}. */
    private int verify(String content, String... options) throws IOException {
        return verifyFile(Files.writeString(folder.resolve("report.json"), content), options);
    }

    private int verifyFile(Path file, String... options) {
        List<String> arguments = new ArrayList<>(List.of("verify", file.toString()));
        arguments.addAll(List.of(options));
        return ReportCommand.withSubcommands(shell.context())
                .setExecutionExceptionHandler(failures)
                .execute(arguments.toArray(new String[0]));
    }

    /** Returns a document that contains {@code report}, with the signature of {@code original}. */
    private String signed(String original, String report) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(Ed25519.ALGORITHM);
        signer.initSign(keys.getPrivate());
        signer.update(CanonicalJson.of(original));
        return "{\"report\":" + report + ",\"signature\":{\"algorithm\":\"Ed25519\",\"publicKey\":\"" + publicKey(keys)
                + "\",\"value\":\"" + Base64.getEncoder().encodeToString(signer.sign()) + "\"}}";
    }

    private static String publicKey(KeyPair pair) {
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    private static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance(Ed25519.ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
