package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.SimulatedExpiryServer.Killed;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Tests that the former settings are restored after a kill, or a broken connection, at any command of assist.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. {@code
 * server} is a {@link SimulatedExpiryServer}, and {@code assist()} runs assist on it to its end.
 */
final class AssistKilledTest extends AssistTestCase {

    /** The server of the tests under another host name. */
    private static final Deployment OTHER_NAME = DeploymentUri.parse("redis://localhost:6379");

    private static final Map<String, String> FORMER_SETTINGS =
            Map.of("hz", "10", "active-expire-effort", "1", "lazyfree-lazy-expire", "no");

    @Test
    void restore_afterAKillAtAnyCommand_putsTheFormerSettingsBack() throws Exception {
        int commands = commandsOfARun();
        // How often a kill left settings raised, by the value of hz at that time.
        Map<String, Integer> leftRaised = new TreeMap<>();

        for (int commandNumber = 1; commandNumber <= commands; commandNumber++) {
            // The process is killed before the server has run the command, or after it.
            for (boolean hasRun : new boolean[] {false, true}) {
                reset();
                killAt(commandNumber, hasRun);
                assertThatThrownBy(this::assist).isInstanceOf(Killed.class);
                if (!server.settings.entrySet().containsAll(FORMER_SETTINGS.entrySet())) {
                    leftRaised.merge(String.valueOf(server.settings.get("hz")), 1, Integer::sum);
                    // The former settings are stored before the first change.
                    assertThat(ledger().entries()).hasSize(1);
                }
                server.startNextProcess();
                restorer().restore(DEPLOYMENT);

                assertThat(server.settings)
                        .as("the settings after the process was killed at command %d", commandNumber)
                        .containsAllEntriesOf(FORMER_SETTINGS);
                assertThat(ledger().entries()).isEmpty();
            }
        }
        // The kills have met raised settings, and settings of which only the first was raised.
        assertThat(leftRaised).containsOnlyKeys("10", "500");
    }

    @Test
    void assist_afterAKill_putsTheFormerSettingsBackFirstAndStoresThemAgain() throws Exception {
        killWhileRaised();
        assertThat(server.settings).containsEntry("hz", "500");
        server.startNextProcess();

        AssistReport report = assist();

        assertThat(restored).hasSize(1);
        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertFormerSettings();
    }

    @Test
    void restore_otherClientHasChangedASettingAfterTheKill_leavesItsValue() throws Exception {
        killWhileRaised();
        server.startNextProcess();
        server.settings.put("hz", "20");

        assertThat(restorer().inspect(DEPLOYMENT).getFirst().stillRaised()).hasSize(2);
        restorer().restore(DEPLOYMENT);

        assertThat(server.settings).containsEntry("hz", "20").containsEntry("active-expire-effort", "1");
        assertThat(ledger().entries()).isEmpty();
        assertThat(restorer().inspect(DEPLOYMENT)).isEmpty();
    }

    @Test
    void restore_serverNamedInAnotherWay_isRecognisedByItsProcess() throws Exception {
        killWhileRaised();
        server.startNextProcess();
        // The address in the entry cannot be reached, so only the id of the process identifies the server.
        server.unreachable.add(DEPLOYMENT.addresses().getFirst());

        restorer().restore(OTHER_NAME);

        assertFormerSettings();
    }

    @Test
    void restore_anotherProcessPutsSettingsBackMeanwhile_doesNotChangeThem() throws Exception {
        killWhileRaised();
        server.startNextProcess();
        // INFO is read after the list of entries, so the entry is removed in between.
        server.before = (number, command) -> {
            if (command.name().equals("INFO")) {
                removeEntry();
            }
        };

        assertThat(restorer().restore(OTHER_NAME)).isEmpty();

        assertThat(server.settings).containsEntry("hz", "500");
    }

    @Test
    void assist_connectionBreaksAtAnyCommand_putsFormerSettingsBackOverANewConnection() throws Exception {
        int commands = commandsOfARun();
        for (int commandNumber = 1; commandNumber <= commands; commandNumber++) {
            reset();
            int lastCommand = commandNumber;
            server.after = (number, command) -> {
                if (number == lastCommand) {
                    server.breakLinks();
                }
            };

            try {
                assertThat(assist().ending()).isIn(AssistEnding.LOST, AssistEnding.LITTLE_LEFT);
            } catch (NodeRefusedException e) {
                // The connection broke before any change.
            }

            assertThat(server.settings)
                    .as("the settings after the connection broke at command %d", commandNumber)
                    .containsAllEntriesOf(FORMER_SETTINGS);
            assertThat(ledger().entries()).isEmpty();
        }
    }

    /**
     * Runs assist to its end, and returns the number of commands that it sends. The run raises and lowers the settings
     * several times, so that a kill at each of these commands meets every change of settings.
     */
    private int commandsOfARun() throws Exception {
        reset();
        assertThat(assist().ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        return server.commands;
    }

    /** Gives the server its former settings and the keys of a run again, and starts another process. */
    private void reset() {
        server.startNextProcess();
        server.commands = 0;
        server.dead = 40_000;
        server.live = 200_000;
        server.busyShare = 0.9;
        server.settings.putAll(FORMER_SETTINGS);
    }

    /** Runs assist, and kills its process as soon as all settings are raised. */
    private void killWhileRaised() {
        reset();
        server.after = (number, command) -> {
            if (server.raised()) {
                server.kill();
            }
        };

        assertThatThrownBy(this::assist).isInstanceOf(Killed.class);
    }

    /** Removes the entry of the deployment from the ledger, as another process does. */
    private void removeEntry() {
        try (AssistLedger.Claim claim =
                ledger().claim(DEPLOYMENT.addresses().getFirst()).orElseThrow()) {
            claim.remove();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the process at a command, after the server has run it or before. */
    private void killAt(int commandNumber, boolean hasRun) {
        if (hasRun) {
            server.after = (number, command) -> kill(number, commandNumber);
        } else {
            server.before = (number, command) -> kill(number, commandNumber);
        }
    }

    private void kill(int number, int commandNumber) {
        if (number == commandNumber) {
            server.kill();
        }
    }

    private SettingsRestorer restorer() {
        return new SettingsRestorer(server, ledger());
    }
}
