package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests what the user reads if settings cannot be changed, stored or given up, and that none stays raised. */
final class AssistRefusalTest extends AssistTestCase {

    @Test
    void assist_configSetDenied_changesNothingAndSaysWhy() throws Exception {
        server.configDenied = true;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.REFUSED);
        assertThat(report.reason()).contains("NOPERM", "+config|get +config|set");
        assertThat(folder).isDirectoryNotContaining("glob:**.settings");
        assertFormerSettings();
    }

    @Test
    void assist_formerSettingsCannotBeStored_isRefusedAndRaisesNothing() throws Exception {
        block(".settings.new");

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.REFUSED);
        assertThat(report.reason()).startsWith("the former settings could not be stored: ");
        assertThat(report.settings()).isEmpty();
        assertThat(server.pieces).noneMatch(SimulatedCycle.Piece::raised);
    }

    @Test
    void assist_firstChangeRefused_isRefusedWithTheReason() throws Exception {
        // The trial of the permissions sends three changes, which the server allows.
        denyChangesAfter(4);

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.REFUSED);
        assertThat(report.reason()).startsWith("the server refuses CONFIG SET hz: NOPERM");
        assertThat(report.settings()).hasSize(3);
    }

    @Test
    void assist_laterChangeRefused_isLost() throws Exception {
        server.busyShare = 0.9;
        denyChangesAfter(9);

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LOST);
        assertThat(report.reason()).startsWith("the server refuses CONFIG SET");
    }

    @Test
    void assist_serverWithoutTheSettings_isRefused() throws Exception {
        server.settings.remove("active-expire-effort");
        server.before = (number, command) -> assertThat(command.words()).doesNotContain("SET");
        server.settings.put("active-expire-effort", "1");
        server.settings.remove("lazyfree-lazy-expire");

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.REFUSED);
        assertThat(report.reason()).contains("no setting lazyfree-lazy-expire");
    }

    @Test
    void assist_effortIsTenAlready_isRefused() throws Exception {
        server.settings.put("active-expire-effort", "10");

        assertThat(assist().reason()).startsWith("active-expire-effort is 10 already");
        assertThat(server.settings).containsEntry("hz", "10");
    }

    @Test
    void assist_serverIsClaimed_isRefused() throws Exception {
        try (AssistLedger.Claim claim =
                ledger().claim(DEPLOYMENT.addresses().getFirst()).orElseThrow()) {
            assertThat(assist().ending()).isEqualTo(Ending.REFUSED);
            assertThat(claim.entry()).isEmpty();
        }
        assertFormerSettings();
    }

    /** Puts a folder where the ledger has or needs a file, so that it can neither be written nor removed. */
    private void block(String suffix) throws IOException {
        // A claim creates the lock file, whose name begins as those of the other files.
        ledger().claim(DEPLOYMENT.addresses().getFirst()).ifPresent(AssistLedger.Claim::close);
        try (Stream<Path> files = Files.list(folder)) {
            String lock = files.map(Path::toString)
                    .filter(name -> name.endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
            Path blocked = Path.of(lock.replace(".lock", suffix));
            Files.deleteIfExists(blocked);
            Files.createDirectories(blocked.resolve("x"));
        }
    }

    /** Lets the server refuse CONFIG SET after a number of them. */
    private void denyChangesAfter(int allowed) {
        int[] changes = {0};
        server.before = (number, command) -> {
            if (command.words().contains("SET")) {
                server.configDenied = changes[0]++ >= allowed;
            }
        };
    }
}
