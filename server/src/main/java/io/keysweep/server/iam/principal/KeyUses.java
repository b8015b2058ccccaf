package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Stores when each access key and user last made a request, at most once a minute for each.
 *
 * <p>A thread of this class writes to the database, so requests never wait for it. If the thread cannot keep up, or the
 * database cannot be reached, a record is lost; the next use, at least a minute later, is recorded again. Thread-safe.
 */
@Component
final class KeyUses implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);

    private static final Duration MIN_INTERVAL = Duration.ofMinutes(1);

    /** The maximum number of records that wait for the thread. */
    private static final int MAX_WAITING = 1000;

    /** The maximum number of callers whose last record is remembered, which limits the memory. */
    private static final int MAX_KEYS = 10_000;

    private final AccessKeyStore keys;
    private final UserStore users;
    private final InstantSource clock;
    private final Map<String, Instant> lastRecords = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            /* corePoolSize= */ 1,
            /* maximumPoolSize= */ 1,
            /* keepAliveTime= */ 10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().daemon().name("keysweep-key-use").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    KeyUses(AccessKeyStore keys, UserStore users, InstantSource clock) {
        this.keys = keys;
        this.users = users;
        this.clock = clock;
        writer.allowCoreThreadTimeOut(true);
    }

    /**
     * Records that an access key or a user makes a request now; the thread of this class stores the time. Does nothing
     * if the last record is less than a minute old.
     */
    void record(String accessKey) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant last = lastRecords.get(accessKey);
        // The last record is later than now if the clock was set back in the meantime.
        boolean isRecent = last != null && !now.isBefore(last) && now.isBefore(last.plus(MIN_INTERVAL));
        if (isRecent) {
            return;
        }
        if (lastRecords.size() >= MAX_KEYS) {
            lastRecords.clear();
        }
        lastRecords.put(accessKey, now);
        writer.execute(() -> write(accessKey, now));
    }

    /** Stores when an access key or a user was used; logs a failure of the database and does not repeat the write. */
    private void write(String accessKey, Instant at) {
        try {
            if (Caller.isUser(accessKey)) {
                users.recordUse(accessKey, at);
            } else {
                keys.recordUse(accessKey, at);
            }
        } catch (DataAccessException e) {
            LOG.debug("The use of an access key could not be recorded", e);
        }
    }

    /** Ends the thread; records that still wait are lost. */
    @Override
    public void destroy() {
        writer.shutdownNow();
    }
}
