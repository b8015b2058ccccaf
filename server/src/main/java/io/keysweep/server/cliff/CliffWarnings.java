package io.keysweep.server.cliff;

import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Remembers the cliffs of each instance, and announces each of them once, as a {@link CliffAhead}.
 *
 * <p>A cliff is a time in which, by a forecast, far more keys die (reach the end of their TTL) than around it. All
 * state is in the database, so a restart or another process announces nothing twice. Thread-safe.
 */
@Component
public class CliffWarnings {

    private final CliffStore store;
    private final InstanceStore instances;
    private final ApplicationEventPublisher events;
    private final InstantSource clock;

    CliffWarnings(CliffStore store, InstanceStore instances, ApplicationEventPublisher events, InstantSource clock) {
        this.store = store;
        this.instances = instances;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Stores the cliffs of a new forecast, and publishes the cliffs that were not known. Does nothing if the instance
     * was removed or moved to another server in the meantime.
     *
     * @param forecasted the instance as it was when the forecast began
     */
    @Transactional
    public void update(Instance forecasted, ExpiryForecast forecast) {
        UUID instanceId = forecasted.id();
        // Without the lock, two forecasts that end at the same time could both announce a cliff.
        if (!instances.lock(instanceId)) {
            return;
        }
        Optional<Instance> currentInstance = instances.find(instanceId);
        if (currentInstance.isEmpty() || currentInstance.get().settings().leadsElsewhere(forecasted)) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        CliffChange change = CliffChange.of(store.find(instanceId), forecast, now);
        store.replace(instanceId, change.known());
        change.announced().forEach(cliff -> events.publishEvent(new CliffAhead(instanceId, now, cliff)));
    }
}
