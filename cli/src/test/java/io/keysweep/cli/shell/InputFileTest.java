package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how commands read a text file, and which files they refuse. */
final class InputFileTest {

    @TempDir
    private Path folder;

    @Test
    void text_ofAFile_isRead() throws IOException {
        Path file = Files.writeString(folder.resolve("text"), "Grüße\n");
        assertThat(InputFile.text(file)).isEqualTo("Grüße\n");
    }

    @Test
    void text_ofAFileThatIsNotText_isRefusedWithTheReason() throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF});
        assertRefused(binary, "is not UTF-8 text");
        assertRefused(folder, "is a folder");
        assertRefused(folder.resolve("none"), "does not exist");
        assertRefused(Path.of("/dev/zero"), "is larger than 32 MiB");
    }

    @Test
    void standardInput_isReadAsAFile() {
        assertThat(InputFile.standardInput(new TestShell().withInput("Grüße\n").context()))
                .isEqualTo("Grüße\n");

        String tooLong = " ".repeat(32 * 1024 * 1024 + 1);
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> InputFile.standardInput(
                        new TestShell().withInput(tooLong).context()))
                .withMessage("standard input is larger than 32 MiB");
    }

    private static void assertRefused(Path file, String reason) {
        assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> InputFile.text(file))
                .withMessage("file '" + file + "' " + reason);
    }
}
