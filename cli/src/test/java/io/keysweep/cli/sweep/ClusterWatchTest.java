package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.sweep.HoldCause;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.Shard;
import io.keysweep.engine.topology.SlotSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ClusterWatchTest {

    private static final Shard FIRST = new Shard(new NodeAddress("10.0.0.1", 6379), SlotSet.ALL);
    private static final Shard SECOND = new Shard(new NodeAddress("10.0.0.2", 6379), SlotSet.ALL);

    private final HoldDisplay display = new HoldDisplay();
    private final ClusterWatch watch =
            new ClusterWatch(InstantSource.fixed(Instant.parse("2026-11-26T12:00:00Z")), display);

    @Test
    void hold_ofShardThatFails_isNoLongerShown() {
        begin();
        watch.onEvent(FIRST, new SweepEvent.HoldBegan("reconnecting", HoldCause.CONNECTION));
        watch.onEvent(SECOND, new SweepEvent.HoldBegan("writes are paused", HoldCause.SERVER));
        assertThat(display.shownHold).isEqualTo("10.0.0.1:6379: reconnecting");

        watch.onEvent(FIRST, new SweepEvent.Failed(Reports.report(Ending.FAILED, /* exact= */ false)));

        assertThat(display.shownHold).isEqualTo("10.0.0.2:6379: writes are paused");
    }

    @Test
    void hold_ofShardThatEnds_isNoLongerShown() {
        begin();
        watch.onEvent(FIRST, new SweepEvent.HoldBegan("paused", HoldCause.REQUEST));

        watch.onEvent(FIRST, new SweepEvent.Finished(Reports.report(Ending.CANCELLED, /* exact= */ true)));

        assertThat(display.shownHold).isNull();
    }

    @Test
    void begin_numberOfKeysNotKnown_showsNoTotal() {
        begin();

        assertThat(display.shownTotal).isZero();
    }

    private void begin() {
        watch.onRound(new SweepRound(1, List.of(FIRST, SECOND), SlotSet.NONE));
    }

    /** Keeps the hold and the total that are shown. */
    private static final class HoldDisplay implements ProgressDisplay {

        private @Nullable String shownHold;
        private long shownTotal = -1;

        @Override
        public void begin(long totalKeys) {
            shownTotal = totalKeys;
        }

        @Override
        public void update(ProgressSnapshot snapshot) {}

        @Override
        public void hold(@Nullable String reason) {
            shownHold = reason;
        }

        @Override
        public void say(String line) {}

        @Override
        public void close() {}
    }
}
