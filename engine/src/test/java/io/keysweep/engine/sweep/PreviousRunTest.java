package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests how a run counts the steps that followed the last checkpoint of a run that was killed. The next run settles the
 * steps: it finds out, by the server's counter of expired keys, how many keys they have reclaimed.
 *
 * <p>{@code request} sweeps {@code server}, a {@link SimulatedServer}.
 */
final class PreviousRunTest extends SweepTestCase {

    /** The traces of a server whose INFO has none of the fields and no calls of commands. */
    private static final String TRACES = "? ? ? ? 0";

    /** Steps that the server has refused to start for a long time. */
    static final UncountedSteps UNCOUNTED = new UncountedSteps(
            /* atMost= */ 1_000, /* likely= */ 10, /* notAfterMicros= */ 1, /* clientId= */ 0, TRACES);

    @Test
    void resume_afterCrashWithMoreExpiredThanBound_isNotExact() throws InterruptedException {
        // The steps can have reclaimed 1,000 keys at most, so others must have expired some of these.
        Checkpoint checkpoint = checkpointOfKilledRun(/* reclaimed= */ 1, UNCOUNTED);
        server.expireElsewhere(DEAD);

        assertThat(sweep(request.resumingFrom(checkpoint)).exact()).isFalse();
    }

    /** The connection breaks, as it does if the process is frozen while it waits. */
    @Test
    void resume_connectionBreaksWhileSettling_reconnects() throws InterruptedException {
        Checkpoint checkpoint = checkpointOfKilledRun(/* reclaimed= */ 0, UNCOUNTED);
        server.expireElsewhere(7);
        server.runAfter(Duration.ofMillis(300), () -> server.breakNextLink = true);
        SweepReport report = sweep(request.resumingFrom(checkpoint));

        assertThat(server.links).isEqualTo(2);

        // The earlier run had covered every database, so only its uncertain steps are left to count.
        assertThat(report.reclaimed()).isEqualTo(7);
        assertThat(report.exact()).isTrue();
    }

    @Test
    void resume_serverRestartsWhileSettling_sweepsItFromTheStart() throws InterruptedException {
        Checkpoint checkpoint = checkpointOfKilledRun(/* reclaimed= */ 0, UNCOUNTED);
        server.expireElsewhere(7);
        server.runAfter(Duration.ofMillis(300), () -> {
            server.breakNextLink = true;
            server.runId = "run-2";
            server.expiredKeys = 0;
        });
        SweepReport report = sweep(request.resumingFrom(checkpoint));

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD - 7);
        assertThat(report.exact()).isFalse();
        assertThat(server.dead).isEmpty();
        assertThat(checkpoints().getLast().replicationIdentity().runId()).isEqualTo("run-2");
    }

    @Test
    void resume_serverLostWhileSettling_isNotExact() {
        Checkpoint checkpoint = checkpointOfKilledRun(/* reclaimed= */ 0, UNCOUNTED);
        server.expireElsewhere(7);
        server.runAfter(Duration.ofMillis(300), () -> server.reachable = false);

        assertThatExceptionOfType(NodeRefusedException.class).isThrownBy(() -> sweep(request.resumingFrom(checkpoint)));
        assertThat(checkpoints().getLast().exact()).isFalse();
    }

    /** The server may still start steps of the earlier run, so the next run waits before it reads the counter. */
    @Test
    void resume_ifStepsMayStillStart_waitsUntilTheServerRefusesThem() throws InterruptedException {
        control.cancel();
        Checkpoint checkpoint = checkpointOfKilledRun(Duration.ofSeconds(1));
        server.runAfter(Duration.ofMillis(800), () -> server.expireElsewhere(7));
        SweepReport report = sweep(request.resumingFrom(checkpoint));

        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.reclaimed()).isEqualTo(7);
        assertThat(report.exact()).isTrue();
    }

    /** A cancelled run also watches for expiry by others before it calls a count exact. */
    @Test
    void resume_cancelledAndOthersExpire_isNotExact() throws InterruptedException {
        control.cancel();
        Checkpoint checkpoint = checkpointOfKilledRun(Duration.ZERO);
        server.expireElsewhere(7);
        server.runAfter(Duration.ofMillis(200), () -> server.expireElsewhere(7));

        assertThat(sweep(request.resumingFrom(checkpoint)).exact()).isFalse();
    }

    /** Returns a checkpoint of a killed run whose last steps may start until a lease ends. */
    private Checkpoint checkpointOfKilledRun(Duration lease) {
        long notAfterMicros =
                ChronoUnit.MICROS.between(Instant.EPOCH, server.clock.instant().plus(lease));
        return checkpointOfKilledRun(
                /* reclaimed= */ 0,
                new UncountedSteps(/* atMost= */ 1_000, /* likely= */ 10, notAfterMicros, /* clientId= */ 0, TRACES));
    }

    /** Returns a checkpoint of a killed run of this server process, without positions, but with steps to settle. */
    private Checkpoint checkpointOfKilledRun(long reclaimed, UncountedSteps uncounted) {
        return new Checkpoint(
                "simulated:1",
                new ReplicationIdentity(server.runId, /* replicationId= */ null, /* swaps= */ 0),
                /* visited= */ 1_000,
                reclaimed,
                /* exact= */ true,
                /* alone= */ true,
                uncounted,
                server.expiredKeys,
                /* deletionPoint= */ null,
                SlotSet.ALL,
                /* epoch= */ null,
                /* fraction= */ 0,
                List.of());
    }
}
