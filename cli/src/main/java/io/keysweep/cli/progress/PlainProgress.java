package io.keysweep.cli.progress;

import io.keysweep.api.text.Amounts;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes the progress of a sweep as plain lines, for logs and pipes.
 *
 * <p>Writes the first update, then an update about every five seconds, and the start and the end of every hold (a time
 * without steps). At the end it writes the last update, unless that update is already written. Thread-safe.
 */
final class PlainProgress implements ProgressDisplay {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final PrintStream err;
    private final InstantSource clock;
    private Instant nextLine = Instant.MIN;
    private ProgressSnapshot last = ProgressSnapshot.START;

    /** Progress in the last line that was written, so that the end does not repeat it. */
    private ProgressSnapshot printed = ProgressSnapshot.START;

    PlainProgress(PrintStream err, InstantSource clock) {
        this.err = err;
        this.clock = clock;
    }

    @Override
    public void begin(long totalKeys) {}

    @Override
    public synchronized void update(ProgressSnapshot snapshot) {
        last = snapshot;
        Instant now = clock.instant();
        if (!now.isBefore(nextLine)) {
            nextLine = now.plus(INTERVAL);
            print();
        }
    }

    @Override
    public synchronized void hold(@Nullable String reason) {
        last = last.withHold(reason, /* part= */ null);
        print();
    }

    @Override
    public synchronized void holdPart(@Nullable String reason) {
        // Some primaries of a cluster hold while others continue.
        last = last.withHold(/* whole= */ null, reason);
        print();
    }

    @Override
    public synchronized void say(String line) {
        err.println(line);
    }

    @Override
    public synchronized void close() {
        if (!last.equals(printed)) {
            print();
        }
    }

    private void print() {
        printed = last;
        err.println(Amounts.percent(last.fraction())
                + ", visited " + Amounts.count(last.visited())
                + ", reclaimed " + Amounts.count(last.reclaimed())
                + ", longest stall " + Amounts.millis(Amounts.milliseconds(last.longestStall()))
                // The length of a hold is unknown, so there is no estimate during one.
                + (last.remaining() == null || last.hold() != null
                        ? ""
                        : ", about " + Amounts.roughly(last.remaining()) + " left")
                + state());
        err.flush();
    }

    private String state() {
        if (last.hold() != null) {
            return ", held: " + last.hold();
        }
        return last.slowdown();
    }
}
