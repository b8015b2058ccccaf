package io.keysweep.server.scan;

import io.keysweep.server.iam.CallerLookup;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Polls the scans that clients watch, and publishes their views to the requests of {@link ScanEventController}.
 *
 * <p>One thread reads all {@link WatchedScans} together, with a pause of {@value #POLL_MILLIS} ms between reads.
 * Nothing is read while no client watches. Thread-safe.
 */
@Component
final class ScanFeed implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ScanFeed.class);

    /** Pause between two polls. */
    private static final long POLL_MILLIS = 250;

    private final WatchedScans watched;
    private final ScanStore scans;
    private final ScanViews views;
    private final CallerLookup callers;

    /** Runs the polls; null before the start and after the stop. */
    private volatile @Nullable ScheduledExecutorService pollExecutor;

    ScanFeed(WatchedScans watched, ScanStore scans, ScanViews views, CallerLookup callers) {
        this.watched = watched;
        this.scans = scans;
        this.views = views;
        this.callers = callers;
    }

    /**
     * Reads all watched scans, and checks which of their watchers may still call the API. Catches all runtime
     * exceptions, because the executor runs no more polls after an exception.
     */
    private void poll() {
        try {
            WatchedScans.Poll poll = watched.beginPoll();
            if (!poll.scanIds().isEmpty()) {
                watched.publish(poll, views.of(scans.find(poll.scanIds())), callers.usable(poll.subjects()));
            }
        } catch (DataAccessException e) {
            // Most likely, the database cannot be reached. Other parts of the service log that. The next poll tries
            // again.
            LOG.debug("Watched scans cannot be read at the moment", e);
        } catch (RuntimeException e) {
            LOG.error("Watched scans could not be read; the next poll tries again", e);
        }
    }

    @Override
    public void start() {
        watched.open();
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("keysweep-feed").factory());
        var ignored = executor.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        pollExecutor = executor;
    }

    /**
     * Ends the polls, and wakes the requests that wait, so that they end. Spring stops this bean before the web server,
     * which waits for all requests to end.
     */
    @Override
    public void stop() {
        ScheduledExecutorService executor = pollExecutor;
        pollExecutor = null;
        if (executor != null) {
            executor.shutdown();
        }
        watched.close();
    }

    @Override
    public boolean isRunning() {
        return pollExecutor != null;
    }
}
