package io.keysweep.engine.sweep;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which of the wanted slots the primary has served all the time since the pass began. Only their keys are sure to be
 * covered: a slot that came in the middle may hold keys where the pass has been already, and one that went is served
 * elsewhere. Used by one thread.
 */
final class SlotWatch {

    private static final Duration EVERY = Duration.ofSeconds(1);

    /** So many counts in one write keep the server busy for less than a step does. */
    private static final int COUNTED_AT_A_TIME = 256;

    /** Nobody waits for the count at the end, so that it leaves others half of the time whatever the pace. */
    private static final double MOST_SHARE_OF_COUNTING = 0.5;

    private final Timing timing;
    private final RunLimits limits;
    private final Function<String, Hold> holds;
    private final PrimaryLocator locator;
    private final boolean clustered;
    private final SlotSet wanted;
    private SlotSet held;
    private @Nullable ServedSlots last;
    private @Nullable Long epoch;
    private boolean due = true;
    private long looked;

    /**
     * @param holds begins a hold for a reason
     * @param clustered whether the primary is asked for its slots; else it has all of them
     */
    SlotWatch(
            Timing timing,
            RunLimits limits,
            Function<String, Hold> holds,
            PrimaryLocator locator,
            boolean clustered,
            SlotSet wanted) {
        this.timing = timing;
        this.limits = limits;
        this.holds = holds;
        this.locator = locator;
        this.clustered = clustered;
        this.wanted = wanted;
        held = wanted;
    }

    /**
     * Begins, with the first look due.
     *
     * @param before where an earlier run of the same pass has come to, or null at the start of a pass
     */
    void begin(@Nullable Checkpoint before) {
        held = before == null ? wanted : wanted.intersect(before.slots());
        epoch = before == null ? null : before.epoch();
        last = null;
        due = true;
    }

    /** Looks, if it is time. */
    void lookIfDue(Session session) {
        if (due || timing.since(looked).compareTo(EVERY) >= 0) {
            look(session);
        }
    }

    private void look(Session session) {
        due = false;
        looked = timing.nanoTime().getAsLong();
        if (clustered) {
            ServedSlots now = session.slots();
            held = cameBack(now) ? SlotSet.NONE : held.intersect(now.served());
            last = now;
            epoch = now.epoch();
        }
    }

    /**
     * Whether slots may have been given away and taken back since the last look, as in a long pause or between two runs:
     * the node has taken slots, and there are none that are known to be new to it. Which they were, it does not tell.
     */
    private boolean cameBack(ServedSlots now) {
        return epoch != null
                && epoch != now.epoch()
                && (last == null || now.served().minus(last.served()).isEmpty());
    }

    /**
     * Looks for the last time, and asks others too: a primary that was cut off may not know yet that another node has
     * taken over. Holds for as long as none of them tells.
     *
     * @throws LinkBrokenException if by their word it serves nothing of what was wanted, or the run ends meanwhile
     * @throws NodeRefusedException if none of them tells in time
     */
    void confirm(Session session, NodeAddress primary) throws InterruptedException {
        look(session);
        if (!locator.mayMove()) {
            return;
        }
        SlotSet confirmed;
        try {
            confirmed = locator.confirmed(primary);
        } catch (NodeRefusedException e) {
            confirmed = confirmedLater(primary, e);
        }
        if (confirmed.isEmpty()) {
            throw new LinkBrokenException("another node has taken over", null);
        }
        held = held.intersect(confirmed);
    }

    private SlotSet confirmedLater(NodeAddress primary, NodeRefusedException first) throws InterruptedException {
        NodeRefusedException refusal = first;
        Hold hold = holds.apply(untold(refusal));
        while (limits.reached() == null) {
            limits.rest(hold.nextPause());
            try {
                SlotSet confirmed = locator.confirmed(primary);
                hold.end();
                return confirmed;
            } catch (NodeRefusedException e) {
                refusal = e;
                if (hold.patienceOver()) {
                    throw new NodeRefusedException(primary.toString(), Reason.UNREACHABLE, untold(refusal));
                }
                hold.because(untold(refusal));
            }
        }
        hold.end();
        throw new LinkBrokenException(untold(refusal), refusal);
    }

    private static String untold(NodeRefusedException refusal) {
        return "no other node confirms that it is still the primary: " + refusal.getMessage();
    }

    /**
     * Keys that the node holds of slots that are not its own and do not come to it either, by slot.
     *
     * @param share the share of the node's time that the sweep may take, above 0 to 1
     */
    SortedMap<Integer, Long> orphans(Session session, double share) throws InterruptedException {
        SortedMap<Integer, Long> orphans = new TreeMap<>();
        if (clustered) {
            ServedSlots own = session.slots();
            List<Integer> foreign = SlotSet.ALL
                    .minus(own.served())
                    .minus(own.importing())
                    .slots()
                    .boxed()
                    .toList();
            double rests = 1 / Math.min(share, MOST_SHARE_OF_COUNTING) - 1;
            for (int from = 0; from < foreign.size(); from += COUNTED_AT_A_TIME) {
                int to = Math.min(foreign.size(), from + COUNTED_AT_A_TIME);
                long asked = timing.nanoTime().getAsLong();
                orphans.putAll(session.keysOf(foreign.subList(from, to)));
                long busy = timing.nanoTime().getAsLong() - asked;
                limits.rest(Duration.ofNanos((long) (busy * rests)));
            }
        }
        return orphans;
    }

    /** The slots held so far. */
    SlotSet held() {
        return held;
    }

    /** The primary's configuration epoch at the last look; null before the first, and outside a cluster. */
    @Nullable Long epoch() {
        return epoch;
    }
}
