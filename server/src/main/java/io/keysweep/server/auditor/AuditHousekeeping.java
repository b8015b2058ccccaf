package io.keysweep.server.auditor;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Writes in the background the entries of the audit log that could not be written while a call was served.
 *
 * <ul>
 *   <li>Each second: <em>late</em> calls, which the database could not store at first.
 *   <li>Every 10 s: <em>abandoned</em> calls, whose process was killed.
 *   <li>Each minute: the counts of <em>omitted</em> calls, that is, of refused calls that were too many to be recorded
 *       one by one.
 * </ul>
 *
 * <p>When the service stops, late calls and counts are written immediately.
 */
final class AuditHousekeeping implements InitializingBean, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(AuditHousekeeping.class);

    /** The search for abandoned calls reads two tables, so only every tenth run (every 10 s) searches. */
    private static final int RUNS_PER_SEARCH = 10;

    private final AuditRecorder recorder;
    private final AbandonedCalls abandonedCalls;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keysweep-audit").factory());
    /** Number of runs until now. Only the thread of the executor uses it. */
    private int runs;

    AuditHousekeeping(AuditRecorder recorder, AbandonedCalls abandonedCalls) {
        this.recorder = recorder;
        this.abandonedCalls = abandonedCalls;
    }

    @Override
    public void afterPropertiesSet() {
        // run() catches its own exceptions, so the future never reports one.
        var ignored = thread.scheduleWithFixedDelay(this::run, 0, 1, TimeUnit.SECONDS);
    }

    /** Does the work of one run, which the executor starts every second. */
    private void run() {
        boolean searchesAbandoned = runs++ % RUNS_PER_SEARCH == 0;
        attempt(() -> {
            recorder.writeLate();
            recorder.writeOmitted(/* evenIfMinuteNotOver= */ false);
            if (searchesAbandoned) {
                abandonedCalls.write();
            }
        });
    }

    /** Does work, and logs its exceptions. Never throws, because an exception would end the periodic runs. */
    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (DataAccessException | TransactionException e) {
            // The failure is expected while the database is down. The next run tries again.
            LOG.debug("Entries of the audit log cannot be written at the moment; the next run tries again", e);
        } catch (RuntimeException e) {
            LOG.error("Entries of the audit log cannot be written; the next run tries again", e);
        }
    }

    @Override
    public void destroy() {
        // The call waits for the current run. After it, no other thread writes.
        thread.close();
        attempt(() -> {
            recorder.writeLate();
            // The present minute may not be over, but the service stops.
            recorder.writeOmitted(/* evenIfMinuteNotOver= */ true);
        });
    }
}
