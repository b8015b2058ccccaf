package io.keysweep.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests which files of other processes are removed.
 *
 * <p>A running process keeps its file locked. The lock ends with the process, even if it is killed.
 */
final class LockedFileTest {

    @TempDir
    private Path folder;

    @Test
    void removeAbandoned_ofMatchingFiles_keepsLockedOnesAndItsOwn() throws Exception {
        Path own = Files.writeString(folder.resolve("health-own"), "own");
        Path dead = Files.writeString(folder.resolve("health-dead"), "dead");
        Path other = Files.writeString(folder.resolve("other"), "other");
        Path alive = Files.writeString(folder.resolve("health-alive"), "of an earlier process");
        try (LockedFile locked = LockedFile.write(alive, "alive")) {
            assertThat(locked).isNotNull();

            LockedFile.removeAbandoned(folder, "health-*", own);

            assertThat(dead).doesNotExist();
            assertThat(own).hasContent("own");
            assertThat(other).hasContent("other");
            assertThat(alive).hasContent("alive");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(alive)))
                    .isEqualTo("rw-------");
        }

        // The process has ended, so its file is no longer locked.
        LockedFile.removeAbandoned(folder, "health-*", own);

        assertThat(alive).doesNotExist();
        assertThat(folder).isDirectoryContaining(file -> file.equals(own)).isDirectoryNotContaining("glob:**/new-*");
    }

    @Test
    void removeAbandoned_folderThatDoesNotExist_doesNothing() {
        LockedFile.removeAbandoned(folder.resolve("nowhere"), "*", folder.resolve("own"));

        assertThat(folder).isEmptyDirectory();
    }
}
