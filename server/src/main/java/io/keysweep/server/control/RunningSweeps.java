package io.keysweep.server.control;

import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.config.ServerSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The sweeps that this process runs, and how they hear what their scans are told, by whatever process: one query for
 * all of them every {@value #LOOK_MILLIS} ms, none while there are no sweeps, and at once for what was asked here. Safe
 * to share.
 */
@Component
public class RunningSweeps implements InitializingBean, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(RunningSweeps.class);
    private static final long LOOK_MILLIS = 100;

    private final OrderStore orders;
    private final ServerSettings settings;
    private final InstantSource clock;
    private final Set<Rein> reins = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keysweep-orders").factory());
    private volatile boolean deaf;

    RunningSweeps(OrderStore orders, ServerSettings settings, InstantSource clock) {
        this.orders = orders;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void afterPropertiesSet() {
        // A look ends with none of its own faults, so the future has nothing to tell.
        var ignored = looks.scheduleWithFixedDelay(this::lookOrTell, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Takes the rein of a sweep that is about to begin, with what its scan has been told so far. */
    public Rein begin(UUID scanId, SweepControl control) {
        Rein rein = new Rein(this, scanId, control, settings.pace());
        orders.find(scanId).ifPresent(found -> rein.take(found, clock.instant()));
        // From here on the looks reach it. What was asked for since the read above, the next one finds.
        reins.add(rein);
        return rein;
    }

    void drop(Rein rein) {
        reins.remove(rein);
    }

    /** When work on a scan is to be taken up again: now, unless it is paused. */
    public Instant again(UUID scanId, Instant now) {
        return orders.find(scanId)
                .filter(found -> found.restsAt(now))
                .map(found -> {
                    Instant later = now.plus(Rein.REST);
                    Instant deadline = found.deadline();
                    return deadline != null && deadline.isBefore(later) ? deadline : later;
                })
                .orElse(now);
    }

    /** Has sweeps that rest without a worker taken up again, those of one scan if it is given; and looks. */
    public void wake(@Nullable UUID scanId) {
        orders.wake(scanId, clock.instant());
        look();
    }

    /** Passes on what all scans that are swept here have been told. */
    public void look() {
        List<Rein> now = List.copyOf(reins);
        if (now.isEmpty()) {
            return;
        }
        Map<UUID, Orders> found =
                orders.of(now.stream().map(Rein::scanId).distinct().toList());
        for (Rein rein : now) {
            Orders told = found.get(rein.scanId());
            if (told != null) {
                rein.obey(told, clock.instant());
            }
        }
    }

    /** A database that is away for a while must not end the looks, nor fill the log. */
    private void lookOrTell() {
        try {
            look();
            deaf = false;
        } catch (DataAccessException e) {
            if (!deaf) {
                LOG.warn("What scans are told is not heard at the moment: {}", e.getMessage());
            }
            deaf = true;
        } catch (RuntimeException e) {
            LOG.error("What scans are told could not be passed on", e);
        }
    }

    @Override
    public void destroy() {
        // Waits for the look that is under way: the database goes next.
        looks.close();
    }
}
