package io.keysweep.server.fleet;

import io.keysweep.server.autoscan.ScheduleSettings;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceSettings;
import io.keysweep.server.policy.PolicyKind;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes the wanted state of one instance, as a fleet document (a file that lists the instances of a project) gives
 * it.
 *
 * <p>{@link FleetReader} creates it, and {@link FleetApplier} makes the changes.
 *
 * @param previous the existing instance with the same name, or null if the instance is new
 * @param id the id that a new instance gets, or null for a random one; an existing instance keeps its id
 * @param settings the wanted name, address, credentials, TLS and tags
 * @param setsSchedule whether the document has the field {@code schedule}, even as null; without it, the schedule is
 *     not changed
 * @param schedule the wanted schedule; empty to remove the schedule, if {@code setsSchedule} is true
 * @param policies the wanted policies as JSON, by kind; an empty value removes a policy, and a policy kind without an
 *     entry is not changed
 */
record FleetEntry(
        @Nullable Instance previous,
        @Nullable UUID id,
        InstanceSettings settings,
        boolean setsSchedule,
        Optional<ScheduleSettings> schedule,
        Map<PolicyKind, Optional<String>> policies) {

    /**
     * Returns whether the document decides about the starts of automatic scans: it has a schedule or a start policy,
     * even null.
     */
    boolean setsStarts() {
        return setsSchedule || policies.containsKey(PolicyKind.START);
    }
}
