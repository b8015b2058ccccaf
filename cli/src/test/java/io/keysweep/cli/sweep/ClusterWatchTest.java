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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests what the progress of a cluster sweep shows when some of its shards are held, fail or end. */
final class ClusterWatchTest {

    private static final Shard FIRST_SHARD = new Shard(new NodeAddress("10.0.0.1", 6379), SlotSet.ALL);
    private static final Shard SECOND_SHARD = new Shard(new NodeAddress("10.0.0.2", 6379), SlotSet.ALL);

    private final HoldDisplay display = new HoldDisplay();
    private final ClusterWatch watch =
            new ClusterWatch(InstantSource.fixed(Instant.parse("2026-11-26T12:00:00Z")), display);

    @Test
    void hold_ofSomeShards_isShownAsAHoldOfAPart() {
        // The second shard has not begun, so no shard sends steps.
        beginRound();
        watch.onShardBegun(FIRST_SHARD);
        watch.onEvent(FIRST_SHARD, new SweepEvent.HoldBegan("reconnecting", HoldCause.CONNECTION));
        assertThat(display.shownHold).isEqualTo("10.0.0.1:6379: reconnecting");

        // The second shard sends steps.
        watch.onShardBegun(SECOND_SHARD);
        start(SECOND_SHARD);
        assertThat(display.shownHold).isNull();
        assertThat(display.shownPart).isEqualTo("1 of 2 primaries held: 10.0.0.1:6379: reconnecting");

        // The next update repeats the hold.
        progress(SECOND_SHARD);
        assertThat(display.lastSnapshot.hold()).isNull();
        assertThat(display.lastSnapshot.partHold()).isEqualTo("1 of 2 primaries held: 10.0.0.1:6379: reconnecting");

        // Both shards are on hold.
        watch.onEvent(SECOND_SHARD, new SweepEvent.HoldBegan("writes are paused", HoldCause.SERVER));
        assertThat(display.shownHold).isEqualTo("10.0.0.1:6379: reconnecting (and 1 more)");
        assertThat(display.shownPart).isNull();

        // Only the second shard is still on hold.
        watch.onEvent(FIRST_SHARD, new SweepEvent.HoldEnded());
        assertThat(display.shownHold).isNull();
        assertThat(display.shownPart).isEqualTo("1 of 2 primaries held: 10.0.0.2:6379: writes are paused");
    }

    /** Before a primary is swept, it may be assisted. Then its sweep has not started, but work takes place. */
    @Test
    void hold_beforeAnySweepHasStarted_isShownAsAHoldOfAPart() {
        begin();
        watch.onEvent(FIRST_SHARD, new SweepEvent.HoldBegan("writes are paused", HoldCause.SERVER));

        assertThat(display.shownHold).isNull();
        assertThat(display.shownPart).isEqualTo("1 of 2 primaries held: 10.0.0.1:6379: writes are paused");
    }

    @Test
    void hold_ofTheOnlyShardThatIsLeft_isShownAsTheHoldOfTheSweep() {
        begin();
        start(SECOND_SHARD);
        watch.onEvent(FIRST_SHARD, new SweepEvent.HoldBegan("reconnecting", HoldCause.CONNECTION));

        assertThat(display.shownHold).isNull();

        watch.onEvent(SECOND_SHARD, new SweepEvent.Finished(Reports.report(Ending.COMPLETED, /* exact= */ true)));
        watch.onShardEnded(SECOND_SHARD);

        assertThat(display.shownHold).isEqualTo("10.0.0.1:6379: reconnecting");
    }

    @Test
    void hold_ofShardThatFails_isNoLongerShown() {
        begin();
        watch.onEvent(FIRST_SHARD, new SweepEvent.HoldBegan("reconnecting", HoldCause.CONNECTION));
        watch.onEvent(SECOND_SHARD, new SweepEvent.HoldBegan("writes are paused", HoldCause.SERVER));

        watch.onEvent(FIRST_SHARD, new SweepEvent.Failed(Reports.report(Ending.FAILED, /* exact= */ false)));
        watch.onShardEnded(FIRST_SHARD);

        assertThat(display.shownHold).isEqualTo("10.0.0.2:6379: writes are paused");
    }

    @Test
    void hold_ofShardThatEnds_isNoLongerShown() {
        begin();
        watch.onEvent(FIRST_SHARD, new SweepEvent.HoldBegan("paused", HoldCause.REQUEST));

        watch.onEvent(FIRST_SHARD, new SweepEvent.Finished(Reports.report(Ending.CANCELLED, /* exact= */ true)));
        watch.onShardEnded(FIRST_SHARD);

        assertThat(display.shownHold).isNull();
        assertThat(display.shownPart).isNull();
    }

    @Test
    void end_ofShard_saysHowItsSweepEnded() {
        begin();
        watch.onEvent(FIRST_SHARD, new SweepEvent.Finished(Reports.report(Ending.COMPLETED, /* exact= */ true)));
        watch.onEvent(SECOND_SHARD, new SweepEvent.Finished(Reports.report(Ending.CANCELLED, /* exact= */ true)));

        assertThat(display.announcements).anyMatch(line -> line.startsWith("10.0.0.1:6379 is done: reclaimed "));
        assertThat(display.announcements).last().asString().startsWith("10.0.0.2:6379 was interrupted: reclaimed ");
    }

    @Test
    void estimate_ofShard_isAnnouncedWithItsReason() {
        begin();
        watch.onEvent(FIRST_SHARD, new SweepEvent.Estimated("keys may be back"));

        assertThat(display.announcements)
                .last()
                .isEqualTo("10.0.0.1:6379: From now on the number of reclaimed keys is an estimate: keys may be back");
    }

    @Test
    void begin_numberOfKeysNotKnown_showsNoTotal() {
        begin();

        assertThat(display.shownTotal).isZero();
    }

    /** Begins a round, and the work on both of its shards. */
    private void begin() {
        beginRound();
        watch.onShardBegun(FIRST_SHARD);
        watch.onShardBegun(SECOND_SHARD);
    }

    private void beginRound() {
        watch.onRound(new SweepRound(/* number= */ 1, List.of(FIRST_SHARD, SECOND_SHARD), SlotSet.NONE));
    }

    private void start(Shard shard) {
        watch.onEvent(
                shard, new SweepEvent.Started(Reports.summary(shard.primary().toString())));
    }

    private void progress(Shard shard) {
        watch.onEvent(shard, new SweepEvent.Progressed(Reports.progress()));
    }

    /** Records what is shown. */
    private static final class HoldDisplay implements ProgressDisplay {

        private @Nullable String shownHold;
        private @Nullable String shownPart;
        private ProgressSnapshot lastSnapshot = ProgressSnapshot.START;
        private final List<String> announcements = new ArrayList<>();
        private long shownTotal = -1;

        @Override
        public void begin(long totalKeys) {
            shownTotal = totalKeys;
        }

        @Override
        public void update(ProgressSnapshot snapshot) {
            lastSnapshot = snapshot;
        }

        @Override
        public void hold(@Nullable String reason) {
            shownHold = reason;
            shownPart = null;
        }

        @Override
        public void holdPart(@Nullable String holds) {
            shownHold = null;
            shownPart = holds;
        }

        @Override
        public void say(String line) {
            announcements.add(line);
        }

        @Override
        public void close() {}
    }
}
