package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.server.control.SweepDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** How an execution rests: it is due later, and whoever changes what it rests by wakes it. */
final class WaitingExecution {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingExecution.class);

    /** One that nobody has woken looks by itself, should a crash have come between a change and the wake. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(15);

    private WaitingExecution() {}

    /** When to look again by itself at the latest: a scan whose time is over is to end. */
    static Instant latest(Scan scan, SweepDecision.Wait rest, Instant now) {
        Instant deadline = scan.deadline();
        return Stream.of(rest.until(), now.plus(LOOK_AGAIN), deadline)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /**
     * Puts an execution back.
     *
     * @param lookAgain looks once more whether it has to rest, given the execution's id, as it is only reached by wakes
     *     from here on
     */
    static CompletionHandler<Void> until(Instant next, Consumer<String> lookAgain) {
        return (complete, operations) -> {
            operations.reschedule(complete, next);
            String id = complete.getExecution().taskInstance.getId();
            try {
                lookAgain.accept(id);
            } catch (DataAccessException e) {
                LOG.warn("{} rests until {}, as it could not be looked at again: {}", id, next, e.getMessage());
            }
        };
    }
}
