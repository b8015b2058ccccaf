package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.config.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the file of the master key is created once, and is refused if others may access it. */
final class MasterKeyTest {

    @TempDir
    Path folder;

    @Test
    void loadOrCreate_withoutAFile_createsAFileThatOnlyItsOwnerCanRead() throws IOException {
        MasterKey.loadOrCreate(folder.resolve("data"));

        Path file = folder.resolve("data/master.key");
        assertThat(file).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void loadOrCreate_calledTwice_readsTheSameKey() {
        assertThat(MasterKey.loadOrCreate(folder).subkey("a"))
                .isEqualTo(MasterKey.loadOrCreate(folder).subkey("a"));
    }

    @Test
    void loadOrCreate_inAnotherFolder_createsAnotherKey() {
        assertThat(MasterKey.loadOrCreate(folder.resolve("one")).subkey("a"))
                .isNotEqualTo(MasterKey.loadOrCreate(folder.resolve("two")).subkey("a"));
    }

    @Test
    void loadOrCreate_calledByManyAtTheSameTime_givesAllTheSameKey() throws Exception {
        int services = 8;
        List<Future<MasterKey>> starts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(services)) {
            for (int i = 0; i < services; i++) {
                starts.add(threads.submit(() -> MasterKey.loadOrCreate(folder)));
            }
        }

        byte[] stored = MasterKey.loadOrCreate(folder).subkey("a");
        for (Future<MasterKey> start : starts) {
            assertThat(start.get().subkey("a")).isEqualTo(stored);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void loadOrCreate_ofAFileThatOthersCanAccess_throwsIllegalState(String permissions) throws IOException {
        MasterKey.loadOrCreate(folder);
        Files.setPosixFilePermissions(folder.resolve("master.key"), PosixFilePermissions.fromString(permissions));

        assertThatIllegalStateException()
                .isThrownBy(() -> MasterKey.loadOrCreate(folder))
                .withMessageContaining("master.key")
                .withMessageContaining("chmod 600");
    }

    @Test
    void loadOrCreate_ofAFileThatItsOwnerCanOnlyRead_isAccepted() throws IOException {
        byte[] expected = MasterKey.loadOrCreate(folder).subkey("a");
        Files.setPosixFilePermissions(folder.resolve("master.key"), PosixFilePermissions.fromString("r--------"));

        assertThat(MasterKey.loadOrCreate(folder).subkey("a")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33})
    void loadOrCreate_ofAFileOfAnotherSize_throwsIllegalState(int size) throws IOException {
        MasterKey.loadOrCreate(folder);
        Files.write(folder.resolve("master.key"), new byte[size]);

        assertThatIllegalStateException()
                .isThrownBy(() -> MasterKey.loadOrCreate(folder))
                .withMessageContaining(size + " bytes instead of 32");
    }

    /** On a file system without hard links, another process that starts can still be writing a short file. */
    @ParameterizedTest
    @CsvSource({
        // size of the file in bytes, its age in seconds, whether the start is refused for good (otherwise the file may
        // still become complete)
        "0, 9, false",
        "31, 9, false",
        "31, -9, false",
        "0, 10, true",
        "31, 3600, true",
        "33, 0, true"
    })
    void readOrCreate_ofAFileOfAnotherSize_refusesTheStart_unlessItIsShortAndNew(int size, int age, boolean refused)
            throws IOException {
        MasterKey.loadOrCreate(folder);
        Path file = Files.write(folder.resolve("master.key"), new byte[size]);
        Instant lastChange = Files.getLastModifiedTime(file).toInstant();
        MasterKeyFile key = new MasterKeyFile(folder, InstantSource.fixed(lastChange.plusSeconds(age)));

        assertThatThrownBy(() -> key.readOrCreate(new byte[32]))
                .isExactlyInstanceOf(refused ? StartRefusedException.class : IllegalStateException.class)
                .hasMessageContaining(size + " bytes instead of 32");
    }

    @Test
    void loadOrCreate_ofAFolderThatIsAFile_throwsIllegalState() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatIllegalStateException()
                .isThrownBy(() -> MasterKey.loadOrCreate(file))
                .withMessageContaining("cannot be read or created");
    }

    @Test
    void of_aKeyOfAnotherLength_throwsIllegalArgument() {
        assertThatIllegalArgumentException().isThrownBy(() -> MasterKey.of(new byte[16]));
    }

    @Test
    void subkey_forAnotherPurpose_differs() {
        MasterKey key = MasterKey.of(new byte[32]);

        assertThat(key.subkey("a")).hasSize(32).isNotEqualTo(key.subkey("b"));
    }

    @Test
    void toString_doesNotShowTheKey() {
        assertThat(MasterKey.of(new byte[32])).hasToString("MasterKey[hidden]");
    }
}
