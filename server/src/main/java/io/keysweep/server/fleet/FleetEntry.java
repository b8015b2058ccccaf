package io.keysweep.server.fleet;

import io.keysweep.server.autoscan.ScheduleSettings;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceSettings;
import io.keysweep.server.policy.PolicyKind;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One instance as the document has it.
 *
 * @param previous the instance of that name, or null if it is new
 * @param terms how to reach it
 * @param scheduled whether anything is said of its schedule
 * @param schedule the schedule that is said; empty to have none
 * @param policies its exceptions, as they are kept; empty to have none, missing where nothing is said
 */
record FleetEntry(
        @Nullable Instance previous,
        InstanceSettings terms,
        boolean scheduled,
        Optional<ScheduleSettings> schedule,
        Map<PolicyKind, Optional<String>> policies) {}
