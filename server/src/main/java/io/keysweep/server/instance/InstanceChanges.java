package io.keysweep.server.instance;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceSettings.Kept;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Registers, changes and removes instances. Safe to share. */
@Service
public class InstanceChanges {

    private final InstanceStore store;
    private final IdempotencyStore keys;
    private final ActiveScans activeScans;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    InstanceChanges(
            InstanceStore store,
            IdempotencyStore keys,
            ActiveScans activeScans,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.activeScans = activeScans;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Registers a server, or finds the one that the same request has registered.
     *
     * @param key null for a request that registers one each time it comes
     * @throws RequestRefusedException if the name is taken, or the key was used for another request
     */
    public Instance register(String projectId, InstanceSettings terms, @Nullable IdempotencyKey key) {
        Optional<Instance> earlier = earlier(projectId, key);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Instance instance = Instance.of(UUID.randomUUID(), projectId, terms, now());
        try {
            transaction.executeWithoutResult(status -> {
                store.insert(instance);
                keys.remember(projectId, key, instance.id());
            });
            return instance;
        } catch (DuplicateKeyException e) {
            // The same request may have come in twice at once, and the other was quicker.
            return earlier(projectId, key).orElseThrow(() -> nameTaken(terms.name()));
        }
    }

    private Optional<Instance> earlier(String projectId, @Nullable IdempotencyKey key) {
        return keys.findEarlier(projectId, key, id -> store.find(projectId, id));
    }

    /**
     * Changes what a document names. Another place to connect to is refused while a scan of the instance is active;
     * credentials and certificates hold from the next connection on.
     *
     * @param expected the revision that the caller has seen, or null for any
     * @throws RequestRefusedException if it has another by now, a scan is in the way, or something does not fit
     */
    void change(Instance instance, @Nullable JsonNode document, @Nullable Integer expected) {
        try {
            transaction.executeWithoutResult(status -> {
                Instance previous = store.lock(instance.projectId(), instance.id())
                        .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
                if (expected != null && expected != previous.revision()) {
                    throw EntityTag.stale(expected, previous.revision(), "the instance");
                }
                InstanceSettings terms = InstanceSettings.read(document, previous, Kept.ALL);
                if (terms.leadsElsewhere(previous) && activeScans.exists(previous.id())) {
                    throw RequestRefusedException.of(
                            ErrorCode.INSTANCE_BUSY, "uri and nodeMap can be changed once the scan has ended.");
                }
                if (!terms.changes(previous).isEmpty()) {
                    store.update(previous, terms, now());
                }
            });
        } catch (DuplicateKeyException e) {
            throw RequestRefusedException.of(ErrorCode.NAME_TAKEN, "name is that of another instance.");
        }
    }

    /**
     * Forgets an instance and its scans.
     *
     * @throws RequestRefusedException if one of them is active
     */
    public void remove(Instance instance) {
        if (activeScans.exists(instance.id())) {
            throw RequestRefusedException.of(ErrorCode.INSTANCE_BUSY, "Remove it once the scan has ended.");
        }
        store.remove(instance.id());
    }

    private static RequestRefusedException nameTaken(String name) {
        return RequestRefusedException.of(ErrorCode.NAME_TAKEN, "name is '" + name + "'.");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
