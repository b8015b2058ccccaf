package io.keysweep.server.autoscan;

import io.keysweep.server.worker.ExecutionWakeUp;
import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.request.EntityTag;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Shows and changes automatic scan configurations; a change and the execution it asks for are one transaction. */
@Service
public class AutoScanConfigs {

    private final AutoScanStore store;
    private final ObjectProvider<Scheduler> scheduler;
    private final InstantSource clock;

    AutoScanConfigs(AutoScanStore store, ObjectProvider<Scheduler> scheduler, InstantSource clock) {
        this.store = store;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** The instance's configuration, or empty if none was ever set. */
    public Optional<AutoScanConfig> find(Instance instance) {
        return store.find(instance.id());
    }

    /**
     * Changes the instance's configuration. Changes at the same time are one after the other.
     *
     * @param expected the version that the caller has seen, 0 for none yet; null for any
     * @throws RequestRefusedException for the rules that are broken, as {@code wording} has it, or if there is another
     *     version by now
     */
    @Transactional
    public AutoScanConfig change(
            Instance instance, AutoScanChange change, AutoScanWording wording, @Nullable Integer expected) {
        AutoScanConfig previous = locked(instance, expected);
        AutoScanConfig config = AutoScanRules.apply(instance.id(), previous, change, clock.instant(), wording);
        store.save(config);
        if (config.enabled()) {
            Instant first = Objects.requireNonNull(config.firstScanAt());
            scheduler
                    .getObject()
                    .schedule(
                            AutoScanTask.AUTOSCAN
                                    .instance(AutoScanTask.id(config))
                                    .build(),
                            first);
        }
        return config;
    }

    /** Takes the configuration away, if there is one; what it has started goes on. */
    @Transactional
    public void remove(Instance instance, @Nullable Integer expected) {
        AutoScanConfig previous = locked(instance, expected);
        if (previous != null) {
            // Kept as a row without terms, as its version tells the executions of earlier configurations to go.
            store.save(new AutoScanConfig(
                    instance.id(),
                    false,
                    null,
                    null,
                    null,
                    null,
                    previous.version() + 1,
                    null,
                    clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        }
    }

    /** The configuration, which nobody else changes until the end of the transaction. */
    private @Nullable AutoScanConfig locked(Instance instance, @Nullable Integer expected) {
        store.lock(instance.id());
        AutoScanConfig previous = store.find(instance.id()).orElse(null);
        int version = previous == null ? 0 : previous.version();
        if (expected != null && expected != version) {
            throw EntityTag.stale(expected, version, "the schedule");
        }
        return previous;
    }

    /** Wakes the starts that wait for a window, and lets the others find out when they are due by now. */
    @EventListener
    public void wake(PolicyChanged change) {
        if (change.kind() == PolicyKind.WINDOWS) {
            store.enabled(change.projectId(), change.instanceId())
                    .forEach(config -> ExecutionWakeUp.wake(
                            scheduler.getObject(),
                            AutoScanTask.AUTOSCAN.instanceId(AutoScanTask.id(config)),
                            clock.instant()));
        }
    }
}
