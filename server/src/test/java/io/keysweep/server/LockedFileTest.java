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
 * Tests that a starting process removes the files of killed processes, and keeps the files of running ones.
 *
 * <p>A running process keeps its file locked. The lock ends with the process, even if it is killed.
 */
final class LockedFileTest {

    @TempDir
    private Path folder;

    @Test
    void removeAbandoned_ofMatchingFiles_keepsLockedOnesAndItsOwn() throws Exception {
        Path ownFile = Files.writeString(folder.resolve("health-own"), "own");
        Path abandonedFile = Files.writeString(folder.resolve("health-dead"), "dead");
        Path unmatchedFile = Files.writeString(folder.resolve("other"), "other");
        Path lockedFile = Files.writeString(folder.resolve("health-alive"), "of an earlier process");
        try (LockedFile locked = LockedFile.write(lockedFile, "alive")) {
            assertThat(locked).isNotNull();

            LockedFile.removeAbandoned(folder, "health-*", ownFile);

            assertThat(abandonedFile).doesNotExist();
            assertThat(ownFile).hasContent("own");
            assertThat(unmatchedFile).hasContent("other");
            assertThat(lockedFile).hasContent("alive");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lockedFile)))
                    .isEqualTo("rw-------");
        }

        // The process has ended, so its file is no longer locked.
        LockedFile.removeAbandoned(folder, "health-*", ownFile);

        assertThat(lockedFile).doesNotExist();
        assertThat(folder)
                .isDirectoryContaining(file -> file.equals(ownFile))
                .isDirectoryNotContaining("glob:**/new-*");
    }

    /** On these file systems, other machines may not see the lock. */
    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "ceph", "fuse.s3fs", "9p", "virtiofs"})
    void isLocal_ofAFileSystemOfSeveralMachines_isFalse(String fileSystem) {
        assertThat(LockedFile.isLocal(fileSystem)).isFalse();
    }

    @Test
    void removeUnlessLocked_ofAProcessThatHasStartedAgain_keepsItsFile() throws Exception {
        Path file = Files.writeString(folder.resolve("health-other"), "of the killed process");
        Object key = LockedFile.fileKey(file);

        // The new process writes its file after this process has opened the old one.
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.WRITE);
                LockedFile locked = LockedFile.write(file, "alive")) {
            assertThat(locked).isNotNull();
            LockedFile.removeUnlessLocked(file, key, opened);

            assertThat(file).hasContent("alive");
        }
    }

    @Test
    void write_toThePlaceOfAFolder_leavesNoTemporaryFile() throws Exception {
        Path file = folder.resolve("health-own");
        Files.createDirectories(file.resolve("x"));

        assertThatThrownBy(() -> LockedFile.write(file, "alive")).isInstanceOf(UncheckedIOException.class);

        assertThat(folder).isDirectoryNotContaining("glob:**/new-*");
    }

    @Test
    void removeAbandoned_inAFolderThatDoesNotExist_doesNothing() {
        LockedFile.removeAbandoned(folder.resolve("nowhere"), "*", folder.resolve("own"));

        assertThat(folder).isEmptyDirectory();
    }
}
