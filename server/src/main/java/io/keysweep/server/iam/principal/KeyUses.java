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
 * Records when access keys and users last called, at most once a minute for each, on a thread of its own.
 *
 * <p>A request never waits for the record. If the thread cannot keep up, or the database is away, a record is left out;
 * the next use a minute later makes another. Thread-safe.
 */
@Component
final class KeyUses implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);

    private static final Duration MIN_INTERVAL = Duration.ofMinutes(1);

    /** The most records that wait for the thread. */
    private static final int MAX_WAITING = 1000;

    /** The most keys whose last record is remembered, which limits the memory. */
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

    /** Records that an access key or a user calls now, soon and unless it was recorded within the last minute. */
    void record(String accessKey) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant last = lastRecords.get(accessKey);
        if (last != null && now.isBefore(last.plus(MIN_INTERVAL))) {
            return;
        }
        if (lastRecords.size() >= MAX_KEYS) {
            lastRecords.clear();
        }
        lastRecords.put(accessKey, now);
        writer.execute(() -> write(accessKey, now));
    }

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

    /** Ends the thread without waiting for records that are left. */
    @Override
    public void destroy() {
        writer.shutdownNow();
    }
}
