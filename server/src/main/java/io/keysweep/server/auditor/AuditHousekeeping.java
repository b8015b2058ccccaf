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

/** Writes once a second what could not be recorded while a call was served: late, omitted and abandoned calls. */
final class AuditHousekeeping implements InitializingBean, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(AuditHousekeeping.class);

    private static final int SECONDS_BETWEEN_ABANDONED = 10;

    private final AuditRecorder recorder;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keysweep-audit").factory());
    private int seconds;

    AuditHousekeeping(AuditRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void afterPropertiesSet() {
        // run() catches its own exceptions, so the future never reports one.
        var ignored = thread.scheduleWithFixedDelay(this::run, 0, 1, TimeUnit.SECONDS);
    }

    private void run() {
        boolean checksAbandoned = seconds++ % SECONDS_BETWEEN_ABANDONED == 0;
        attempt(() -> {
            recorder.writeLate();
            recorder.writeOmitted(/* now= */ false);
            if (checksAbandoned) {
                recorder.writeAbandoned();
            }
        });
    }

    /** Never throws, because an exception would end the thread's work. */
    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (DataAccessException | TransactionException | AuditRecorder.RecordedMeanwhileException e) {
            LOG.debug("Cannot write the audit log at the moment", e);
        } catch (RuntimeException e) {
            LOG.error("Cannot write the audit log", e);
        }
    }

    @Override
    public void destroy() {
        thread.close();
        attempt(() -> {
            recorder.writeLate();
            recorder.writeOmitted(/* now= */ true);
        });
    }
}
