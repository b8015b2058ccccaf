package io.keysweep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** On these file systems, a lock may hold on one machine only. */
    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "ceph", "fuse.s3fs", "9p", "virtiofs"})
    void isLocal_fileSystemOfSeveralMachines_isFalse(String fileSystem) {
        assertThat(LockedFile.isLocal(fileSystem)).isFalse();
    }

    @Test
    void removeUnlessLocked_processHasStartedAgainSinceTheFileWasOpened_keepsItsFile() throws Exception {
        Path file = Files.writeString(folder.resolve("health-other"), "of the killed process");
        Object key = LockedFile.fileKey(file);
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.WRITE);
                LockedFile locked = LockedFile.write(file, "alive")) {
            assertThat(locked).isNotNull();
            LockedFile.removeUnlessLocked(file, key, opened);

            assertThat(file).hasContent("alive");
        }
    }

    @Test
    void write_folderIsInThePlaceOfTheFile_leavesNoDraft() throws Exception {
        Path file = folder.resolve("health-own");
        Files.createDirectories(file.resolve("x"));

        assertThatThrownBy(() -> LockedFile.write(file, "alive")).isInstanceOf(UncheckedIOException.class);

        assertThat(folder).isDirectoryNotContaining("glob:**/new-*");
    }

    @Test
    void removeAbandoned_folderThatDoesNotExist_doesNothing() {
        LockedFile.removeAbandoned(folder.resolve("nowhere"), "*", folder.resolve("own"));

        assertThat(folder).isEmptyDirectory();
    }
}
