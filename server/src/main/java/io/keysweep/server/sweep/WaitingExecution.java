package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.server.control.SweepDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts an execution back that must wait. A change of what it waits for wakes it before it is due. */
public final class WaitingExecution {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingExecution.class);

    /** An execution checks by itself after this time, in case a crash came between a change and the wake-up. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(15);

    private WaitingExecution() {}

    /**
     * Returns when an execution that must wait checks again by itself.
     *
     * @param deadline when the scan times out and must be ended, or null before it has begun
     */
    public static Instant nextCheck(SweepDecision.Wait wait, @Nullable Instant deadline, Instant now) {
        return Stream.of(wait.until(), now.plus(MAX_WAIT), deadline)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /**
     * Puts an execution back until {@code next}.
     *
     * @param recheck checks once more whether the execution must wait, after it was put back: a change that came while the
     *     worker still had the execution has woken nothing
     */
    public static CompletionHandler<Void> until(Instant next, Runnable recheck) {
        return (complete, operations) -> {
            operations.reschedule(complete, next);
            try {
                recheck.run();
            } catch (RuntimeException e) {
                // Most likely the database is away; the execution checks again by itself.
                LOG.warn(
                        "{} waits until {}, as it could not be checked again: {}",
                        complete.getExecution().taskInstance.getId(),
                        next,
                        e.getMessage());
            }
        };
    }
}
