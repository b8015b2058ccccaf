package io.keysweep.server.fleet;

import io.keysweep.api.FleetResult;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.autoscan.AutoScanWording;
import io.keysweep.server.autoscan.ScheduleSettings;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceChanges;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;

/**
 * Changes the instances of a project to match a fleet document, which describes how they should be.
 *
 * <p>An instance is a registered server, Sentinel deployment or cluster. All changes happen in one transaction: all are
 * made, or none. Instances that the document does not name are kept, unless the caller asks to delete them.
 * Thread-safe.
 */
@Service
class FleetApplier {

    private final FleetReader reader;
    private final InstanceStore store;
    private final InstanceChanges instances;
    private final Schedules schedules;
    private final PolicyStore policies;
    private final InstantSource clock;

    FleetApplier(
            FleetReader reader,
            InstanceStore store,
            InstanceChanges instances,
            Schedules schedules,
            PolicyStore policies,
            InstantSource clock) {
        this.reader = reader;
        this.store = store;
        this.instances = instances;
        this.schedules = schedules;
        this.policies = policies;
        this.clock = clock;
    }

    /**
     * Applies a fleet document: creates the instances that do not exist yet, and changes the instances that differ.
     * Connects to no server. The caller must have the permission to manage instances.
     *
     * @param dryRun if true, only reports what would change
     * @param prune if true, deletes the instances that the document does not name, with their scans
     * @return one change for each instance in the order of the document, followed by one for each instance that it does
     *     not name
     * @throws io.keysweep.server.error.RequestRefusedException in each of these cases, in which nothing changes: the
     *     document has a problem; the project would have too many instances; the document sets a schedule or a start
     *     policy, and the caller is not allowed to change schedules
     * @throws org.springframework.dao.DuplicateKeyException if another request has just used one of the ids
     */
    @Transactional
    public FleetResult apply(Caller caller, @Nullable JsonNode document, boolean dryRun, boolean prune) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        // The locks keep other requests from changing the instances until all changes are made.
        List<Instance> previousInstances = store.lockAll(caller.projectId());
        Map<String, Instance> instancesByName =
                previousInstances.stream().collect(Collectors.toMap(Instance::name, Function.identity()));

        // These checks throw if the document has a problem, if the caller lacks a permission, or if the project would
        // have too many instances.
        List<FleetEntry> entries = reader.read(document, instancesByName, store::find, prune, now);
        if (entries.stream().anyMatch(FleetEntry::setsStarts)) {
            caller.requireAction(Action.UPDATE_AUTOSCAN);
        }
        Set<String> namesInDocument =
                entries.stream().map(entry -> entry.settings().name()).collect(Collectors.toSet());
        int newInstanceCount =
                (int) entries.stream().filter(entry -> entry.previous() == null).count();
        if (newInstanceCount > 0) {
            instances.requireWithinQuota(prune ? entries.size() : previousInstances.size() + newInstanceCount);
        }

        List<FleetResult.Change> changes = new ArrayList<>();
        entries.forEach(entry -> changes.add(apply(caller, entry, dryRun, now)));

        // Instances that the document does not name are removed, or reported as unmanaged.
        for (Instance instance : previousInstances) {
            if (!namesInDocument.contains(instance.name())) {
                if (prune && !dryRun) {
                    store.remove(instance);
                }
                changes.add(change(instance.name(), instance.id(), prune ? "removed" : "unmanaged", List.of()));
            }
        }
        return new FleetResult(dryRun, changes);
    }

    /**
     * Creates or changes one instance, with its schedule and policies, and returns what has changed. In a dry run,
     * returns what would change.
     */
    private FleetResult.Change apply(Caller caller, FleetEntry entry, boolean dryRun, Instant now) {
        Instance previous = entry.previous();
        Instance instance = previous == null
                ? Instance.of(
                        Objects.requireNonNullElseGet(entry.id(), UUID::randomUUID),
                        caller.projectId(),
                        entry.settings(),
                        now)
                : previous;

        // The list collects the fields that differ. For a new instance, it contains only the schedule and the policies.
        List<String> fields = new ArrayList<>();
        if (previous != null) {
            fields.addAll(entry.settings().changes(previous));
        }

        if (!dryRun && previous == null) {
            store.insert(instance);
        } else if (!dryRun && !fields.isEmpty()) {
            store.update(instance, entry.settings(), now);
        }

        if (entry.setsSchedule() && applySchedule(instance, entry.schedule(), dryRun, now)) {
            fields.add(FleetReader.SCHEDULE);
        }
        entry.policies().forEach((kind, target) -> {
            if (applyPolicy(caller, kind, instance, target, dryRun)) {
                fields.add(FleetReader.fieldName(kind));
            }
        });

        String existingAction = fields.isEmpty() ? "unchanged" : "changed";
        String action = previous == null ? "created" : existingAction;
        // A dry run creates no instance, so the random id of a new instance means nothing.
        UUID id = previous == null && dryRun ? null : instance.id();
        return change(instance.name(), id, action, fields);
    }

    /**
     * Changes the schedule of an instance if it differs from the wanted schedule; returns whether it differs.
     *
     * @param target the wanted schedule; empty to remove the schedule
     */
    private boolean applySchedule(Instance instance, Optional<ScheduleSettings> target, boolean dryRun, Instant now) {
        Optional<AutoScanConfig> currentSchedule = schedules.find(instance).filter(AutoScanConfig::isSet);
        boolean isUnchanged = target.isEmpty()
                ? currentSchedule.isEmpty()
                : currentSchedule.isPresent() && target.get().matches(currentSchedule.get(), now);
        if (!isUnchanged && !dryRun) {
            target.ifPresentOrElse(
                    // The call passes the time at which the document was read. A first start is valid if it was in the
                    // future at that time.
                    settings -> schedules.change(
                            instance, settings.change(), AutoScanWording.NATIVE, /* expected= */ null, now),
                    () -> schedules.remove(instance, /* expected= */ null));
        }
        return !isUnchanged;
    }

    /**
     * Changes the instance's own policy of a kind if it differs from the wanted policy; returns whether it differs.
     * Policies of the project are not changed.
     *
     * @param target the wanted policy as JSON in its normal form; empty to remove the instance's own policy
     */
    private boolean applyPolicy(
            Caller caller, PolicyKind kind, Instance instance, Optional<String> target, boolean dryRun) {
        Optional<String> currentDocument = policies.findForInstance(kind, instance.id())
                .filter(Policy::ofInstance)
                .map(Policy::document);
        boolean isUnchanged = currentDocument.equals(target);
        if (!isUnchanged && !dryRun) {
            target.ifPresentOrElse(
                    document -> policies.set(
                            kind, PolicyOwner.instance(instance), document, caller.accessKey(), /* expected= */ null),
                    () -> policies.remove(kind, PolicyOwner.instance(instance), /* expected= */ null));
        }
        return !isUnchanged;
    }

    private static FleetResult.Change change(String name, @Nullable UUID id, String action, List<String> fields) {
        return new FleetResult.Change(name, id == null ? null : id.toString(), action, fields);
    }
}
