package io.keysweep.server.fleet;

import io.keysweep.api.FleetResult;
import io.keysweep.server.autoscan.AutoScanConfig;
import io.keysweep.server.autoscan.Schedules;
import io.keysweep.server.autoscan.AutoScanWording;
import io.keysweep.server.autoscan.ScheduleSettings;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;

/** Brings a project's instances to what a document says, in one transaction. Safe to share. */
@Service
class Fleet {

    private final FleetReader reader;
    private final InstanceStore store;
    private final Schedules schedules;
    private final PolicyStore policies;
    private final InstantSource clock;

    Fleet(
            FleetReader reader,
            InstanceStore store,
            Schedules schedules,
            PolicyStore policies,
            InstantSource clock) {
        this.reader = reader;
        this.store = store;
        this.schedules = schedules;
        this.policies = policies;
        this.clock = clock;
    }

    /**
     * Applies a document.
     *
     * @param dryRun only says what would change
     * @param prune removes the instances that the document does not name, their scans included
     * @throws io.keysweep.server.error.RequestRefusedException for everything that does not fit; nothing is changed then
     */
    @Transactional
    public FleetResult apply(Caller caller, @Nullable JsonNode document, boolean dryRun, boolean prune) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<Instance> before = store.lockAll(caller.projectId());
        Map<String, Instance> there = before.stream().collect(Collectors.toMap(Instance::name, Function.identity()));
        List<FleetEntry> entries = reader.read(document, there, prune, now);
        if (entries.stream().anyMatch(FleetEntry::scheduled)) {
            caller.require(Action.UPDATE_AUTOSCAN);
        }
        Set<String> named = entries.stream().map(entry -> entry.terms().name()).collect(Collectors.toSet());
        List<FleetResult.Change> changes = new ArrayList<>();
        entries.forEach(entry -> changes.add(apply(caller, entry, dryRun, now)));
        for (Instance instance : before) {
            if (!named.contains(instance.name())) {
                if (prune && !dryRun) {
                    store.remove(instance.id());
                }
                changes.add(change(instance.name(), instance.id(), prune ? "removed" : "unmanaged", List.of()));
            }
        }
        return new FleetResult(dryRun, changes);
    }

    private FleetResult.Change apply(Caller caller, FleetEntry entry, boolean dryRun, Instant now) {
        Instance previous = entry.previous();
        Instance instance =
                previous == null ? Instance.of(UUID.randomUUID(), caller.projectId(), entry.terms(), now) : previous;
        List<String> fields = new ArrayList<>();
        if (previous == null) {
            if (!dryRun) {
                store.insert(instance);
            }
        } else {
            fields.addAll(entry.terms().changes(previous));
            if (!fields.isEmpty() && !dryRun) {
                store.update(previous, entry.terms(), now);
            }
        }
        if (entry.scheduled() && schedule(instance, entry.schedule(), dryRun, now)) {
            fields.add(FleetReader.SCHEDULE);
        }
        entry.policies().forEach((kind, wanted) -> {
            if (policy(caller, kind, instance, wanted, dryRun)) {
                fields.add(FleetReader.name(kind));
            }
        });
        String action = previous == null ? "created" : fields.isEmpty() ? "unchanged" : "changed";
        return change(instance.name(), previous == null && dryRun ? null : instance.id(), action, fields);
    }

    /** Whether the schedule is another now. */
    private boolean schedule(Instance instance, Optional<ScheduleSettings> wanted, boolean dryRun, Instant now) {
        Optional<AutoScanConfig> current = schedules.find(instance).filter(AutoScanConfig::isSet);
        boolean stands = wanted.isEmpty()
                ? current.isEmpty()
                : current.isPresent() && wanted.get().matches(current.get(), now);
        if (!stands && !dryRun) {
            wanted.ifPresentOrElse(
                    terms -> schedules.change(instance, terms.change(), AutoScanWording.NATIVE, null),
                    () -> schedules.remove(instance, null));
        }
        return !stands;
    }

    /** Whether the exception of the instance is another now. */
    private boolean policy(Caller caller, PolicyKind kind, Instance instance, Optional<String> wanted, boolean dryRun) {
        Optional<String> current =
                policies.findForInstance(kind, instance.id()).filter(Policy::ofInstance).map(Policy::document);
        boolean stands = current.equals(wanted);
        if (!stands && !dryRun) {
            wanted.ifPresentOrElse(
                    document -> policies.set(kind, PolicyOwner.instance(instance), document, caller.accessKey(), null),
                    () -> policies.remove(kind, PolicyOwner.instance(instance), null));
        }
        return !stands;
    }

    private static FleetResult.Change change(String name, @Nullable UUID id, String action, List<String> fields) {
        return new FleetResult.Change(name, id == null ? null : id.toString(), action, fields);
    }
}
