package io.keysweep.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a file with secrets is replaced as a whole, and that only its owner can read it. */
class PrivateFileTest {

    @TempDir
    private Path folder;

    @Test
    void write_overAFile_replacesIt_andOnlyItsOwnerCanReadIt() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "old");
        PrivateFile.write(file, "new");

        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void write_thatFails_leavesNoTemporaryFile() throws IOException {
        Path file = folder.resolve("secret");
        Files.createDirectories(file.resolve("inner"));

        assertThatThrownBy(() -> PrivateFile.write(file, "new")).isInstanceOf(UncheckedIOException.class);
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }
}
