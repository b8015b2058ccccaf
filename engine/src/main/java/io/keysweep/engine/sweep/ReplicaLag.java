package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the worst of a primary's online replicas is behind. A replica confirms what it has received once a second, so
 * it always seems to be a second's writes behind; counted is what was written longer ago than that and is still
 * unconfirmed. Used by one thread.
 */
final class ReplicaLag {

    private static final long CONFIRMED_WITHIN_NANOS = Duration.ofMillis(1_500).toNanos();

    private record Written(long at, long offset) {}

    private final Deque<Written> written = new ArrayDeque<>();

    /**
     * Adds the signals of an INFO reply, if the server has replicas that are online.
     *
     * @param at when it was read, ns
     */
    void signals(ServerInfo info, long at, Map<Signal, Double> signals) {
        long offset = info.number("master_repl_offset").orElse(0);
        written.addLast(new Written(at, offset));
        Written due = due(at);
        for (int i = 0; info.text("slave" + i).isPresent(); i++) {
            ServerInfo replica = ServerInfo.parse(
                    info.text("slave" + i).orElse("").replace(',', '\n').replace('=', ':'));
            if (replica.is("state", "online")) {
                replica.number("lag")
                        .ifPresent(seconds -> signals.merge(Signal.REPLICA_SILENCE, (double) seconds, Math::max));
                long confirmed = replica.number("offset").orElse(0);
                // 0: it has only just become online and has confirmed nothing yet.
                if (due != null && confirmed > 0) {
                    double behind = Math.max(0, due.offset - confirmed);
                    signals.merge(Signal.REPLICA_LAG, behind, Math::max);
                }
            }
        }
    }

    /** The latest reading that is old enough to be confirmed; null if there is none yet. */
    private @Nullable Written due(long at) {
        Written due = null;
        while (!written.isEmpty() && at - written.getFirst().at >= CONFIRMED_WITHIN_NANOS) {
            due = written.removeFirst();
        }
        if (due != null) {
            written.addFirst(due);
        }
        return due;
    }
}
