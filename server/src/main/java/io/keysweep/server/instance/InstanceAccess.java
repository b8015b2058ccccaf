package io.keysweep.server.instance;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Finds the instances on which a caller has an action, for all requests that name or list instances.
 *
 * <p>A caller that has no action at all on an instance must not learn of it, so the request is refused as if the
 * instance did not exist. {@code ArchitectureTest} checks that no other class finds instances for callers, except some
 * that it names. Thread-safe.
 */
@Component
public class InstanceAccess {

    private final InstanceStore store;

    InstanceAccess(InstanceStore store) {
        this.store = store;
    }

    /**
     * Returns an instance of the caller's project.
     *
     * @param id id from the request; a text that is not a UUID is treated as the id of an unknown instance
     * @param action action that the caller needs on the instance
     * @throws RequestRefusedException if the instance does not exist for the caller, or the caller lacks the action
     */
    public Instance require(Caller caller, String id, Action action) {
        caller.requireActionSomewhere(action);
        return InstanceId.parse(id)
                .flatMap(uuid -> find(caller, uuid, action))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
    }

    /** Returns an instance of the caller's project; see {@link #require(Caller, String, Action)}. */
    public Instance require(Caller caller, UUID id, Action action) {
        caller.requireActionSomewhere(action);
        return find(caller, id, action).orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
    }

    /**
     * Returns an instance of the caller's project; empty if there is none, or if the caller has no action on it at all.
     *
     * @param action action that the caller needs on the instance
     * @throws RequestRefusedException if the caller has other actions on the instance, but not this one
     */
    public Optional<Instance> find(Caller caller, UUID id, Action action) {
        Optional<Instance> visibleInstance = store.find(caller.projectId(), id)
                .filter(instance -> caller.sees(id, instance.tags().values()));
        visibleInstance.ifPresent(
                instance -> caller.requireAction(action, id, instance.tags().values()));
        return visibleInstance;
    }

    /** Returns whether the caller has an action on an instance of its project. */
    public boolean allows(Caller caller, UUID id, Action action) {
        return caller.may(action)
                ? store.find(caller.projectId(), id).isPresent()
                : ids(caller, action).orElse(Set.of()).contains(id);
    }

    /**
     * Returns the instances on which the caller has an action, ordered by name.
     *
     * @throws RequestRefusedException if the caller has the action on no instance at all
     */
    public List<Instance> list(Caller caller, Action action) {
        caller.requireActionSomewhere(action);
        return store.list(caller.projectId()).stream()
                .filter(instance ->
                        caller.may(action, instance.id(), instance.tags().values()))
                .toList();
    }

    /**
     * Returns a page of the instances that the caller may list, ordered by name.
     *
     * @param part a text that the name contains, in upper or lower case; empty for all instances
     * @param offset the number of instances to skip
     * @param limit the maximum number of instances to return
     */
    public List<Instance> page(Caller caller, String part, int offset, int limit) {
        if (!ForeignText.isPrintable(part)) {
            // No name has characters that are not printable, and PostgreSQL refuses a null character.
            return List.of();
        }
        if (caller.may(Action.LIST_INSTANCES)) {
            return store.list(caller.projectId(), part, offset, limit);
        }
        return list(caller, Action.LIST_INSTANCES).stream()
                .filter(instance -> instance.name().toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)))
                .skip(offset)
                .limit(limit)
                .toList();
    }

    /**
     * Returns the ids of the instances on which the caller has an action, for the selection of rows of other tables.
     *
     * @return the set of ids, which can have none; or an empty {@code Optional} if the caller has the action on all
     *     instances of its project
     */
    public Optional<Set<UUID>> ids(Caller caller, Action action) {
        if (caller.may(action)) {
            return Optional.empty();
        }
        Map<UUID, InstanceTags> tags = store.tags(caller.projectId());
        return Optional.of(tags.entrySet().stream()
                .filter(instance -> caller.may(
                        action, instance.getKey(), instance.getValue().values()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet()));
    }
}
