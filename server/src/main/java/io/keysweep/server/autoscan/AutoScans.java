package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Shows and changes automatic scan configurations; a change and the execution it asks for are one transaction. */
@Service
public class AutoScans {

    private final AutoScanStore store;
    private final ObjectProvider<Scheduler> scheduler;
    private final InstantSource clock;

    AutoScans(AutoScanStore store, ObjectProvider<Scheduler> scheduler, InstantSource clock) {
        this.store = store;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** The instance's configuration, or empty if none was ever set. */
    public Optional<AutoScanConfig> find(Instance instance) {
        return store.find(instance.id());
    }

    /**
     * Changes the instance's configuration.
     *
     * @throws RequestRefusedException for the first rule that is broken
     */
    @Transactional
    public AutoScanConfig change(Instance instance, AutoScanChange change) {
        AutoScanConfig config =
                AutoScanRules.apply(instance.id(), store.find(instance.id()).orElse(null), change, clock.instant());
        try {
            if (!store.save(config)) {
                throw concurrentChange();
            }
        } catch (DuplicateKeyException e) {
            throw concurrentChange();
        }
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

    /** Wakes the starts that wait for a window, and lets the others find out when they are due by now. */
    @EventListener
    public void wake(PolicyChanged change) {
        if (change.kind() == PolicyKind.WINDOWS) {
            store.wake(change.projectId(), change.instanceId(), clock.instant());
        }
    }

    private static RequestRefusedException concurrentChange() {
        return RequestRefusedException.of(
                ErrorCode.SCAN_ACTIVE, "Another change of this configuration was made at the same time; try again.");
    }
}
