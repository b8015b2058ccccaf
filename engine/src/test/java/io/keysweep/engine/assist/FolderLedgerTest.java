package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the files that keep the former settings of a server while assist has raised them.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 */
final class FolderLedgerTest {

    private static final NodeAddress ADDRESS = NodeAddress.parse("[::1]:6379");
    private static final RaisedSettings ENTRY = new RaisedSettings(
            /* deployment= */ "main at h:1,h:2",
            ADDRESS,
            /* runId= */ "0f",
            Instant.parse("2026-01-01T00:00:00.123Z"),
            List.of(new SettingChange("hz", "10", "500"), new SettingChange("lazyfree-lazy-expire", "no", "yes")));

    @TempDir
    private Path parent;

    @Test
    void store_anyEntry_canBeReadByOtherProcessesOfThisUserOnly() throws Exception {
        Path folder = parent.resolve("new").resolve("assist");
        FolderLedger ledger = new FolderLedger(folder);

        assertThat(ledger.entries()).isEmpty();

        try (AssistLedger.Claim claim = ledger.claim(ADDRESS).orElseThrow()) {
            claim.store(ENTRY);
            assertThat(claim.entry()).contains(ENTRY);
        }
        assertThat(new FolderLedger(folder).entries()).containsExactly(ENTRY);
        assertThat(permissions(folder)).isEqualTo("rwx------");

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(permissions(file)).isEqualTo("rw-------"));
        }
    }

    @Test
    void entries_unixSocketAndOtherServer_areKeptApart() throws Exception {
        FolderLedger ledger = new FolderLedger(parent);
        NodeAddress socket = NodeAddress.unix("/run/redis/redis.sock");
        RaisedSettings socketEntry = new RaisedSettings("s", socket, "", ENTRY.since(), ENTRY.changes());
        try (AssistLedger.Claim claim = ledger.claim(ADDRESS).orElseThrow();
                AssistLedger.Claim socketClaim = ledger.claim(socket).orElseThrow()) {
            claim.store(ENTRY);
            socketClaim.store(socketEntry);

            assertThat(ledger.entries()).containsExactlyInAnyOrder(ENTRY, socketEntry);
            claim.remove();
            assertThat(ledger.entries()).containsExactly(socketEntry);
        }
    }

    @Test
    void claim_claimedServer_isRefusedUntilTheClaimEnds() throws Exception {
        FolderLedger ledger = new FolderLedger(parent);
        try (AssistLedger.Claim claim = ledger.claim(ADDRESS).orElseThrow()) {
            assertThat(claim.entry()).isEmpty();
            assertThat(ledger.claim(ADDRESS)).isEmpty();
        }
        try (AssistLedger.Claim laterClaim = ledger.claim(ADDRESS).orElseThrow()) {
            assertThat(laterClaim.entry()).isEmpty();
        }
    }

    @Test
    void claim_folderIsAFile_saysWhy() throws Exception {
        Path file = Files.writeString(parent.resolve("assist"), "");

        assertThatThrownBy(() -> new FolderLedger(file).claim(ADDRESS))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": it is not a folder");
    }

    /** Each file may belong to root. Here, a folder is in its place. */
    @ParameterizedTest
    @ValueSource(strings = {".lock", ".settings"})
    void claim_fileCannotBeUsed_namesItAndSaysWhy(String suffix) throws Exception {
        FolderLedger ledger = new FolderLedger(parent);
        ledger.claim(ADDRESS).orElseThrow().close();
        Path lock;
        try (Stream<Path> files = Files.list(parent)) {
            lock = files.findFirst().orElseThrow();
        }
        Path file = parent.resolve(lock.getFileName().toString().replace(".lock", suffix));
        Files.deleteIfExists(file);
        Files.createDirectories(file);

        assertThatThrownBy(() -> ledger.claim(ADDRESS))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": ");
    }

    @Test
    void entries_fileThatIsNoEntry_isLeftOut() throws Exception {
        Files.writeString(parent.resolve("x.settings"), "address=h\\:1\nchange.1=hz");
        assertThat(new FolderLedger(parent).entries()).isEmpty();
    }

    /** A file of another user must not keep the settings of other servers raised. Here, a folder is in its place. */
    @Test
    void entries_fileThatCannotBeRead_areTheOtherEntriesAndAWarning() throws Exception {
        Files.createDirectories(parent.resolve("x.settings"));
        List<String> warnings = new ArrayList<>();
        FolderLedger ledger = new FolderLedger(parent, warnings::add);
        try (AssistLedger.Claim claim = ledger.claim(ADDRESS).orElseThrow()) {
            claim.store(ENTRY);
        }

        assertThat(ledger.entries()).containsExactly(ENTRY);
        assertThat(ledger.entries()).containsExactly(ENTRY);
        assertThat(warnings).singleElement().asString().contains("x.settings", "may still be raised");
    }

    /** Returns bytes that are not UTF-8, as a failed disk may leave them, and a text without the fields of an entry. */
    static Stream<byte[]> unreadable() {
        return Stream.of(new byte[] {'a', (byte) 0xff, (byte) 0xfe}, "address=h\\:1".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void claim_fileThatIsNoEntry_setsItAsideAndReportsIt(byte[] content) throws Exception {
        FolderLedger earlierLedger = new FolderLedger(parent);
        try (AssistLedger.Claim claim = earlierLedger.claim(ADDRESS).orElseThrow()) {
            claim.store(ENTRY);
        }

        // The file of the entry gets another content.
        Path file;
        try (Stream<Path> files = Files.list(parent)) {
            file = files.filter(each -> each.toString().endsWith(".settings"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.write(file, content);

        // Another ledger sees no entry, and can store a new one.
        List<String> warnings = new ArrayList<>();
        FolderLedger ledger = new FolderLedger(parent, warnings::add);
        assertThat(ledger.entries()).isEmpty();
        try (AssistLedger.Claim claim = ledger.claim(ADDRESS).orElseThrow()) {
            assertThat(claim.entry()).isEmpty();
            claim.store(ENTRY);
        }

        assertThat(warnings).singleElement().asString().contains(ADDRESS.toString(), ".unreadable");
        assertThat(Path.of(file + ".unreadable")).hasBinaryContent(content);
        assertThat(ledger.entries()).containsExactly(ENTRY);
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
