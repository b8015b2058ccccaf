package io.keysweep.server.fleet;

import io.keysweep.server.autoscan.ScheduleSettings;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceSettings;
import io.keysweep.server.policy.PolicyKind;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Describes how a fleet document wants one instance to be.
 *
 * @param previous the existing instance with the same name, or null if the instance is new
 * @param settings connection settings of the instance
 * @param setsSchedule whether the document has a schedule for the instance, possibly null
 * @param schedule the wanted schedule; empty to remove the schedule
 * @param policies the wanted policies of the instance as stored documents; an empty value removes the policy, and a
 *     policy without an entry stays as it is
 */
record FleetEntry(
        @Nullable Instance previous,
        InstanceSettings settings,
        boolean setsSchedule,
        Optional<ScheduleSettings> schedule,
        Map<PolicyKind, Optional<String>> policies) {}
