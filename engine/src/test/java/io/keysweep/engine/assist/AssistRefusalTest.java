package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.assist.SettingsRestorer.Restoration;
import io.keysweep.engine.topology.NodeAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests what the user reads if assist cannot change settings, or cannot store or remove their former values.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. A setting may
 * be left raised only if the ledger still has an entry with its former value. {@code server} is a {@link
 * SimulatedExpiryServer}, and {@code assist()} runs assist on it to its end.
 */
final class AssistRefusalTest extends AssistTestCase {

    @Test
    void assist_configSetDenied_changesNothingAndSaysWhy() throws Exception {
        server.configDenied = true;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
        assertThat(report.reason()).contains("NOPERM", "+config|get +config|set");
        assertThat(folder).isDirectoryNotContaining("glob:**.settings");
        assertFormerSettings();
    }

    @Test
    void assist_formerSettingsCannotBeStored_isRefusedAndRaisesNothing() throws Exception {
        block(".settings.new");

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
        assertThat(report.reason()).startsWith("the former settings could not be stored: ");
        assertThat(report.settings()).isEmpty();
        assertThat(server.slices).noneMatch(SimulatedExpiryServer.Slice::raised);
    }

    @Test
    void assist_changeOfHzRefused_isRefusedWithTheReason() throws Exception {
        // Three changes only test the permissions, and the fourth raises another setting.
        denyChangesAfter(4);

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
        assertThat(report.reason()).startsWith("the server refuses CONFIG SET hz: NOPERM");
        assertThat(report.settings()).hasSize(3);
    }

    @Test
    void assist_laterChangeRefused_endsAsLost() throws Exception {
        // The cycle is so costly that assist lowers the settings for a part of the time, and then raises them again. By
        // then it has sent nine changes: three to test the permissions, three to raise the settings, and three to lower
        // them.
        server.busyShare = 0.9;
        server.dead = 2_000_000;
        denyChangesAfter(9);

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LOST);
        assertThat(report.reason()).startsWith("the server refuses CONFIG SET");
    }

    /**
     * The settings are restored when the server answers again. It answers nearly every command with BUSY while a long
     * script of another client runs.
     */
    @Test
    void assist_serverIsBusyForAWhile_putsTheFormerSettingsBackWhenItAnswers() throws Exception {
        double[] busyUntil = {0};
        server.before = (number, command) -> {
            if (server.raised() && busyUntil[0] == 0) {
                busyUntil[0] = seconds() + 5;
            }
            server.getError = seconds() < busyUntil[0] ? "BUSY Redis is busy running a script." : null;
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LOST);
        assertThat(report.reason()).isEqualTo("the server no longer reports lazyfree-lazy-expire");
        assertThat(report.settings()).allMatch(setting -> setting.state() == State.RESTORED);
        assertFormerSettings();
    }

    @Test
    void assist_configGetDeniedLater_endsAsLostImmediatelyAndLeavesTheEntry() throws Exception {
        server.before = (number, command) ->
                server.getError = server.raised() ? "NOPERM User app has no permissions to run 'config|get'" : null;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LOST);
        assertThat(report.reason()).isEqualTo("the server no longer reports lazyfree-lazy-expire");
        assertThat(report.stillRaised()).isTrue();
        assertThat(seconds())
                .as("the time of assist, s, which leaves none for further attempts")
                .isLessThan(2);
        assertThat(ledger().entries()).hasSize(1);
    }

    @Test
    void assist_entryCannotBeRemoved_reportsItAndHasFormerSettings() throws Exception {
        server.after = (number, command) -> {
            if (server.raised()) {
                blockUnchecked(".settings");
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.reason()).contains("; no setting is raised any more, but ", " cannot be removed");
        assertThat(report.settings()).allMatch(setting -> setting.state() == State.RESTORED);
    }

    @Test
    void restore_entryCannotBeRemoved_reportsIt() throws Exception {
        storeEntry();
        server.after = (number, command) -> blockUnchecked(".settings");

        List<Restoration> restorations = new SettingsRestorer(server, ledger()).restore(DEPLOYMENT);

        assertThat(restorations).singleElement().satisfies(restoration -> {
            assertThat(restoration.notRemoved()).contains("cannot be removed");
            assertThat(restoration.stillRaised()).isEmpty();
        });
    }

    /** A file that belongs to root has the same effect. The settings of other servers must still be restored. */
    @Test
    void restore_oneServerCannotBeClaimed_reportsItsSettingsAsRaised() throws Exception {
        storeEntry();
        block(".lock");

        List<Restoration> restorations = new SettingsRestorer(server, ledger()).restore(DEPLOYMENT);

        assertThat(restorations)
                .singleElement()
                .satisfies(restoration -> assertThat(restoration.stillRaised()).hasSize(1));
        assertThat(ledger().entries()).hasSize(1);
    }

    @Test
    void assist_entryOfAnEarlierProcessCannotBeRemoved_isRefused() throws Exception {
        storeEntry();
        server.after = (number, command) -> {
            if (command.name().equals("CONFIG")) {
                blockUnchecked(".settings");
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
        assertThat(report.reason()).contains("cannot be removed");
        assertThat(restored).hasSize(1);
        assertThat(server.slices).noneMatch(SimulatedExpiryServer.Slice::raised);
    }

    @Test
    void assist_serverWithoutOneOfTheSettings_isRefusedAndChangesNothing() throws Exception {
        server.before = (number, command) -> assertThat(command.words()).doesNotContain("SET");
        server.settings.remove("lazyfree-lazy-expire");

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
        assertThat(report.reason()).contains("no setting lazyfree-lazy-expire");
    }

    /** In import mode, the expiry of Valkey does not run, however high the settings are. */
    @Test
    void assist_importMode_isRefusedAndChangesNothing() throws Exception {
        server.before = (number, command) -> assertThat(command.words()).doesNotContain("SET");
        server.settings.put("import-mode", "yes");

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
        assertThat(report.reason()).startsWith("it is in import mode");
    }

    @Test
    void assist_bothSettingsHaveTheirHighestValues_isRefusedWithTheCommandsForTheDefaults() throws Exception {
        server.settings.put("active-expire-effort", "10");
        server.settings.put("hz", "500");

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
        assertThat(report.reason())
                .startsWith("active-expire-effort is 10 and hz is 500 already")
                .endsWith("CONFIG SET active-expire-effort 1, CONFIG SET hz 10");
        assertThat(server.settings).containsEntry("hz", "500");
    }

    /** At hz 10 and effort 10 a cycle takes up to 43 ms. Assist makes the cycles shorter and more frequent. */
    @Test
    void assist_onlyTheEffortIsTen_raisesHzAlone() throws Exception {
        server.settings.put("active-expire-effort", "10");

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.settings())
                .extracting(setting -> setting.change().name())
                .containsExactly("lazyfree-lazy-expire", "hz");
        assertThat(server.settings).containsEntry("hz", "10").containsEntry("active-expire-effort", "10");
    }

    @Test
    void assist_serverClaimedByAnotherProcess_isRefused() throws Exception {
        try (AssistLedger.Claim claim =
                ledger().claim(DEPLOYMENT.addresses().getFirst()).orElseThrow()) {
            assertThat(assist().ending()).isEqualTo(AssistEnding.REFUSED);
            assertThat(claim.entry()).isEmpty();
        }
        assertFormerSettings();
    }

    /** Stores an entry, as if an earlier process had been killed while it assisted the server. */
    private void storeEntry() throws IOException {
        NodeAddress address = DEPLOYMENT.addresses().getFirst();
        try (AssistLedger.Claim claim = ledger().claim(address).orElseThrow()) {
            claim.store(new RaisedSettings(
                    AssistLedger.keyOf(DEPLOYMENT),
                    address,
                    "run-1",
                    Instant.EPOCH,
                    List.of(new SettingChange("hz", "10", "500"))));
        }
    }

    /** Blocks a file with {@link #block}. Lambdas use this method, because it throws no checked exception. */
    private void blockUnchecked(String suffix) {
        try {
            block(suffix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts a folder where the ledger has or needs a file, so that the file can neither be written nor removed.
     *
     * @param suffix the end of the file's name
     */
    private void block(String suffix) throws IOException {
        // A claim creates the lock file. Its name shows the beginning of the names of all files of this server.
        ledger().claim(DEPLOYMENT.addresses().getFirst()).ifPresent(AssistLedger.Claim::close);
        try (Stream<Path> files = Files.list(folder)) {
            String lock = files.map(Path::toString)
                    .filter(name -> name.endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
            Path blocked = Path.of(lock.replace(".lock", suffix));
            if (!Files.isDirectory(blocked)) {
                Files.deleteIfExists(blocked);
                Files.createDirectories(blocked.resolve("x"));
            }
        }
    }

    /** Lets the server allow a number of CONFIG SET commands, and refuse all later ones. */
    private void denyChangesAfter(int allowed) {
        int[] changes = {0};
        server.before = (number, command) -> {
            if (command.words().contains("SET")) {
                server.configDenied = changes[0]++ >= allowed;
            }
        };
    }
}
