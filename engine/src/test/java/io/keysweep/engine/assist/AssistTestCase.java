package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs assist on a simulated server, and records what it reports.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 */
class AssistTestCase {

    static final Deployment DEPLOYMENT = DeploymentUri.parse("redis://127.0.0.1:6379");

    /**
     * The keys that expire per second if assist must not be able to reduce the backlog; assist then ends as not falling.
     * At the share of the profile gentle, the server reclaims at most 125,000 keys per second.
     */
    static final double ENDLESS_INFLOW = 130_000;

    @TempDir
    Path folder;

    /** The server that assist acts on. */
    final SimulatedExpiryServer server = new SimulatedExpiryServer();

    final SweepControl control = new SweepControl();

    /** The holds and other events that assist has reported. */
    final List<SweepEvent> events = new ArrayList<>();

    /** The settings that an earlier process left raised and that assist restored before it began. */
    final List<RaisedSettings> restored = new ArrayList<>();

    PacePolicy pace = PacePolicy.GENTLE;

    /** Runs assist at the pace of the test until it ends. */
    AssistReport assist() throws InterruptedException {
        return assist(SweepRequest.of(DEPLOYMENT, pace));
    }

    AssistReport assist(SweepRequest request) throws InterruptedException {
        return new Assist(server, ledger(), server.timing()).run(request, control, events::add, new Recorder());
    }

    /** Runs assist with a limit for the backlog, as an automatic scan for a backlog target does, until it ends. */
    AssistReport keepWithin(BacklogLimit limit) throws InterruptedException {
        return new Assist(server, ledger(), server.timing())
                .keepWithin(limit, SweepRequest.of(DEPLOYMENT, pace), control, events::add, new Recorder());
    }

    /** Returns the ledger, which stores the former settings while they are raised. */
    AssistLedger ledger() {
        return new FolderLedger(folder);
    }

    /** Returns the simulated time since the start, s. */
    double seconds() {
        return server.clock.nanoTime() / 1e9;
    }

    /**
     * Asserts that the server has its former settings again, and that the entry with the former settings is removed.
     */
    void assertFormerSettings() throws IOException {
        assertThat(server.settings)
                .containsAllEntriesOf(Map.of("hz", "10", "active-expire-effort", "1", "lazyfree-lazy-expire", "no"));
        assertThat(ledger().entries()).isEmpty();
    }

    /** Records the settings that are put back, and ignores the rest. */
    final class Recorder implements AssistListener {

        @Override
        public void onRaised(String nodeId, List<SettingChange> changes) {}

        @Override
        public void onRestored(RaisedSettings entry, List<SettingOutcome> settings) {
            restored.add(entry);
        }

        @Override
        public void onEnded(AssistReport report) {}
    }
}
