package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests the step lease: the time until which a server may start a step. Some servers do not report their clock.
 */
final class StepLeaseTest {

    private final ClockLink link = new ClockLink();
    private final StepLease lease = new StepLease();

    @Test
    void prepare_clockBusyOnce_isReadAgain() {
        link.time = new Reply.Failure("BUSY Redis is busy running a script");
        lease.prepare(link, /* stepsCheckClock= */ true);
        lease.renew(Duration.ofSeconds(2), /* stepsCheckClock= */ true);

        assertThat(lease.notAfterMicros()).isZero();
        assertThat(lease.clientId()).isEqualTo(7);

        link.time = new Reply.Items(List.of(new Reply.Text("10"), new Reply.Text("5")));
        lease.prepare(link, /* stepsCheckClock= */ true);
        lease.renew(Duration.ofSeconds(2), /* stepsCheckClock= */ true);

        assertThat(lease.notAfterMicros()).isEqualTo(12_000_005);
    }

    @Test
    void prepare_clockForbidden_isNotReadAgain() {
        link.time = new Reply.Failure("NOPERM this user has no permissions to run the 'time' command");
        lease.prepare(link, /* stepsCheckClock= */ true);
        lease.prepare(link, /* stepsCheckClock= */ true);

        assertThat(link.commands).containsExactly("TIME", "CLIENT");
        assertThat(lease.serverMicros()).isZero();
    }

    @Test
    void lease_ofARunWithUsualCheckpoints_isShorterThanTheWaitForIt() {
        SweepRequest usualRequest = SweepRequest.of(
                new Deployment.Standalone(new NodeAddress("simulated", 1), Access.OPEN), PacePolicy.GENTLE);
        Duration leaseOfUsual = StepLease.after(usualRequest.checkpointEvery());

        assertThat(leaseOfUsual).isEqualTo(Duration.ofSeconds(2));
        // The reading of the server's clock may be old and comes over a network, so the wait is longer than the lease.
        assertThat(EarlierSteps.LONGEST_WAIT).isGreaterThan(leaseOfUsual.plusSeconds(1));
    }

    /** Represents a connection with the id 7, whose server answers TIME as the test says. */
    private static final class ClockLink implements NodeLink {

        /** The names of the commands that were sent, in their order. */
        private final List<String> commands = new ArrayList<>();

        /** The reply to TIME. */
        private Reply time = new Reply.Items(List.of());

        @Override
        public Sent send(List<Command> batch) {
            batch.forEach(command -> commands.add(command.name()));
            Reply reply = batch.getFirst().name().equals("TIME") ? time : new Reply.Numeric(7);
            return () -> new Exchange(List.of(reply), Duration.ZERO);
        }

        @Override
        public void close() {}
    }
}
