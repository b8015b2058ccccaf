package io.keysweep.cli.contexts;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how a command fails if the system refuses access to the file of contexts. */
final class ContextFileTest {

    @TempDir
    private Path home;

    /** The exceptions are made here, because the system never refuses a permission to the root user. */
    @Test
    void failure_permissionDenied_hasItsOwnExitCode() {
        Path contexts = home.resolve("contexts.yaml");
        IOException denied = new AccessDeniedException(contexts.toString());

        assertFailure("read", denied, ExitCode.DENIED, "cannot read " + contexts + ": permission denied");
        assertFailure("write", denied, ExitCode.DENIED, "cannot write " + contexts + ": permission denied");
        assertFailure(
                "write",
                new NoSuchFileException(contexts.toString()),
                ExitCode.USAGE,
                "cannot write " + contexts + ": no such file or folder");
    }

    private void assertFailure(String operation, IOException cause, ExitCode code, String message) {
        CommandFailure failure =
                ContextFile.of(new TestShell().withHome(home).context()).failure(operation, cause);

        assertThat(failure).hasMessage(message);
        assertThat(failure.exitCode()).isEqualTo(code);
    }
}
