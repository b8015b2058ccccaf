package io.keysweep.server.instance;

import io.keysweep.api.RaisedSettingsView;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.config.QuotaSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.InstanceSettings.Kept;
import io.keysweep.server.instance.RaisedServers.RaisedServer;
import io.keysweep.server.request.EntityTag;
import io.keysweep.server.request.IdempotencyKey;
import io.keysweep.server.request.IdempotencyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Registers, changes and removes instances: the Redis servers and deployments that projects have registered.
 *
 * <p>This class refuses a change that would disturb an active scan (one that waits or runs), or overwrite the change of
 * another request. The callers check the permissions. Thread-safe.
 */
@Service
public class InstanceChanges {

    private final InstanceStore store;
    private final IdempotencyStore idempotency;
    private final ActiveScans activeScans;
    private final RaisedServers raisedServers;
    private final EgressGate gate;
    private final TransactionTemplate transaction;
    private final QuotaSettings quotas;
    private final InstantSource clock;

    InstanceChanges(
            InstanceStore store,
            IdempotencyStore idempotency,
            ActiveScans activeScans,
            RaisedServers raisedServers,
            EgressGate gate,
            TransactionTemplate transaction,
            ServiceSettings settings,
            InstantSource clock) {
        this.store = store;
        this.idempotency = idempotency;
        this.activeScans = activeScans;
        this.raisedServers = raisedServers;
        this.gate = gate;
        this.transaction = transaction;
        this.quotas = settings.quotas();
        this.clock = clock;
    }

    /**
     * Reads a new instance from a document, and registers nothing.
     *
     * @throws RequestRefusedException if the document breaks a rule; the exception names all broken rules
     */
    public NewInstance read(@Nullable JsonNode document) {
        return NewInstance.read(document, gate.policy());
    }

    /**
     * Registers an instance, without connecting to its servers. If an earlier request with the same idempotency key has
     * registered an instance, returns that instance and registers none.
     *
     * @param key the idempotency key of the request, or null if it has none
     * @throws RequestRefusedException if the name or the id is taken, the key was used for a different request, or the
     *     project can have no more instances
     */
    public Instance register(String projectId, NewInstance newInstance, @Nullable IdempotencyKey key) {
        Optional<Instance> earlierInstance = findEarlier(projectId, key);
        if (earlierInstance.isPresent()) {
            return earlierInstance.get();
        }
        UUID id = Objects.requireNonNullElseGet(newInstance.id(), UUID::randomUUID);
        Instance instance = Instance.of(id, projectId, newInstance.settings(), now());
        try {
            transaction.executeWithoutResult(status -> {
                // Without the lock, requests at the same time could exceed the quota together.
                store.lockProject(projectId);
                requireWithinQuota(store.count(projectId) + 1);
                store.insert(instance);
                idempotency.remember(projectId, key, instance.id());
            });
            return instance;
        } catch (DuplicateKeyException e) {
            // One of these is in use: the id, the name, or the idempotency key (if another request with the key has
            // committed first).
            return findEarlier(projectId, key)
                    .orElseThrow(() -> store.find(id).isPresent()
                            ? idTaken(id)
                            : nameTaken(newInstance.settings().name()));
        }
    }

    /**
     * Checks that the quota in the settings allows a project to have this number of instances.
     *
     * @param number number of instances that the project would have after a change
     * @throws RequestRefusedException if the number is above the quota
     */
    public void requireWithinQuota(int number) {
        if (number > quotas.instancesPerProject()) {
            throw RequestRefusedException.quota(
                    "A project can have {0} instances at most, by the setting quota.instances-per-project.",
                    quotas.instancesPerProject());
        }
    }

    private Optional<Instance> findEarlier(String projectId, @Nullable IdempotencyKey key) {
        return idempotency.findEarlier(projectId, key, id -> store.find(projectId, id));
    }

    /**
     * Returns the settings that an instance would have after a change, and changes nothing.
     *
     * @throws RequestRefusedException if the document breaks a rule
     */
    InstanceSettings preview(Instance instance, @Nullable JsonNode document) {
        return InstanceSettings.read(document, instance, Kept.ALL, gate.policy());
    }

    /**
     * Changes the settings that a document names, and no others. Does nothing if no value differs. The address cannot
     * change while a scan of the instance is active, or while the service may still restore settings that assist has
     * left raised. New credentials and certificates apply from the next connection on.
     *
     * <p>For another name, the caller needs {@link Action#MANAGE_INSTANCES} on all instances of the project, as for a
     * new instance. The reason is that names are unique: a caller that sees only some instances could otherwise find
     * out the names of the other instances.
     *
     * @param caller the caller, who has the action on the instance
     * @param instance the instance to change; its current settings are read again, under a lock
     * @param document the body of the request
     * @param expected the revision that the caller has read, or null to change any revision
     * @return the instance as it was written
     * @throws RequestRefusedException in each of these cases: the document breaks a rule; the instance was removed or
     *     has another revision; the name is taken, or the caller is not allowed to choose another name; the address
     *     would change during a scan or while settings are raised
     */
    public Instance change(Caller caller, Instance instance, @Nullable JsonNode document, @Nullable Integer expected) {
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                // With the lock, no scan can be created between the check below and the change.
                Instance previous = store.lock(instance.projectId(), instance.id())
                        .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
                if (expected != null && expected != previous.revision()) {
                    throw EntityTag.stale(expected, previous.revision(), "the instance");
                }
                InstanceSettings settings = InstanceSettings.read(document, previous, Kept.ALL, gate.policy());
                requireMayRename(caller, previous, settings);
                if (settings.leadsElsewhere(previous)) {
                    requireAddressUnused(previous);
                }
                // A change without effect must not raise the revision, which would make the changes of other requests
                // stale.
                if (!settings.changes(previous).isEmpty()) {
                    store.update(previous, settings, now());
                }
                return store.find(previous.id()).orElseThrow();
            }));
        } catch (DuplicateKeyException e) {
            throw RequestRefusedException.of(ErrorCode.NAME_TAKEN, "Another instance has this name.");
        }
    }

    /** Refuses another address while a scan or raised settings need the current one. */
    private void requireAddressUnused(Instance previous) {
        if (activeScans.exists(previous.id())) {
            throw RequestRefusedException.of(
                    ErrorCode.INSTANCE_BUSY, "uri and nodeMap can be changed once the scan has ended.");
        }
        raisedServers.problemOfChange(previous.id(), clock.instant()).ifPresent(problem -> {
            throw RequestRefusedException.fields(List.of(new FieldProblem("uri", problem)));
        });
    }

    /** Refuses a new name from a caller who is not allowed to manage all instances of the project. */
    private static void requireMayRename(Caller caller, Instance previous, InstanceSettings settings) {
        if (!settings.name().equals(previous.name()) && !caller.may(Action.MANAGE_INSTANCES)) {
            throw RequestRefusedException.of(
                    ErrorCode.ACTION_DENIED,
                    Action.MANAGE_INSTANCES.wireName(),
                    "Another name needs it on all instances of the project, among which names are unique. Leave name"
                            + " as it is.");
        }
    }

    /**
     * Removes an instance with its scans and everything else that belongs to it. The service can then no longer restore
     * settings of its servers that assist has left raised, so such an instance is only removed by force.
     *
     * @param force whether to remove the instance even if settings of its servers are raised
     * @return settings that stay raised, with the commands that restore them; usually none
     * @throws RequestRefusedException if a scan of the instance is active, if settings are raised and {@code force} is
     *     false, or if the instance was removed in the meantime
     */
    public List<RaisedSettingsView> remove(Instance instance, boolean force) {
        return Objects.requireNonNull(transaction.execute(status -> {
            // With the lock, no scan can be created between the check and the removal.
            if (!store.lock(instance.id())) {
                throw RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE);
            }
            if (activeScans.exists(instance.id())) {
                throw RequestRefusedException.of(ErrorCode.INSTANCE_BUSY, "Remove it once the scan has ended.");
            }
            // Only a sweep can raise settings, and there is none under the lock. So no server can be added.
            List<RaisedServer> servers = raisedServers.ofInstance(instance.id());
            if (!servers.isEmpty() && !force) {
                throw RequestRefusedException.of(
                        ErrorCode.SETTINGS_RAISED,
                        Phrase.of(
                                "Assist has left settings of its servers raised. The service restores them when the"
                                        + " servers answer, but not after the removal. To restore them yourself: {0}."
                                        + " With force=true (on the command line --force), the instance is removed"
                                        + " anyway.",
                                RaisedServers.addressesWithCommands(servers)));
            }
            store.remove(instance, servers);
            return servers.stream().map(RaisedServer::view).toList();
        }));
    }

    /**
     * Forgets settings of the instance's servers that assist has left raised, because the servers no longer exist, or
     * because a person has restored the settings. Settings that a sweep will restore are kept.
     *
     * @return the settings that were forgotten, with the commands that restore them; usually none
     */
    public List<RaisedSettingsView> forgetRaisedSettings(Instance instance) {
        return Objects.requireNonNull(transaction.execute(status -> {
            List<RaisedServer> servers = raisedServers.forgetLeftovers(instance.id());
            InstanceAudit.forgotten(instance, servers);
            return servers.stream().map(RaisedServer::view).toList();
        }));
    }

    private static RequestRefusedException idTaken(UUID id) {
        return RequestRefusedException.of(
                ErrorCode.ID_TAKEN,
                "The id '" + id + "' is that of another instance: give another one, or none for a random one.");
    }

    private static RequestRefusedException nameTaken(String name) {
        return RequestRefusedException.of(
                ErrorCode.NAME_TAKEN, Phrase.of("Another instance of the project is named '{0}'.", name));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
