package io.keysweep.engine.assist;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists the settings of a server that {@link Assist} would raise so that the server itself removes more expired keys,
 * or says why it cannot.
 *
 * @param changes the changes in the order in which they are made; empty if there is a refusal. {@code
 *     lazyfree-lazy-expire} comes first and {@code active-expire-effort} last: while the effort is raised, large values
 *     must already be freed in the background and not on the main thread. A setting that has its raised value already
 *     is left out
 * @param refusal why assist is not possible, as part of a sentence; null if it is possible
 */
public record AssistPlan(
        List<SettingChange> changes, @Nullable String refusal) {

    private static final String ALLOW = "; allow it with: ACL SETUSER USER +config|get +config|set";

    public AssistPlan {
        changes = List.copyOf(changes);
    }

    /**
     * Makes the plan for a server. This method reads the settings, and sets each of them to its current value with
     * CONFIG SET. That changes nothing, but shows whether the ACL user may change the settings.
     *
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     */
    public static AssistPlan of(NodeLink link) {
        ServerSettings settings = ServerSettings.read(link);
        String refusal = refusal(settings);
        if (refusal != null) {
            return refused(refusal);
        }
        Map<String, String> currentValues = new LinkedHashMap<>();
        for (String name : List.of(ServerSettings.LAZY_FREE, ServerSettings.HZ, ServerSettings.EFFORT)) {
            currentValues.put(name, settings.value(name));
        }
        String changeRefusal = new NodeSettings(link).trySetting(currentValues);
        return changeRefusal == null
                ? new AssistPlan(changes(settings), /* refusal= */ null)
                : refused("the server refuses CONFIG SET: " + changeRefusal + ALLOW);
    }

    private static AssistPlan refused(String why) {
        return new AssistPlan(List.of(), why);
    }

    /** Returns why the values of the settings make assist impossible; null if assist is possible. */
    private static @Nullable String refusal(ServerSettings settings) {
        // The expiry of such a server does not run, so assist would end as if no expired key were left.
        if (settings.importMode()) {
            return "it is in import mode and expires nothing; end the import with: CONFIG SET import-mode no";
        }
        for (String name : List.of(ServerSettings.EFFORT, ServerSettings.HZ)) {
            if (settings.is(name, ServerSettings.UNKNOWN)) {
                return settings.refused()
                        ? "the server refuses CONFIG GET" + ALLOW
                        : "the server has no setting " + name + ", as Redis before 6.0";
            }
        }
        if (settings.is(ServerSettings.LAZY_FREE, ServerSettings.UNKNOWN)) {
            return "the server has no setting " + ServerSettings.LAZY_FREE
                    + ", so one large value would block it for as long as it takes to free";
        }
        // These are the highest values, which assist itself sets.
        if (!isEffortLower(settings) && !isHzLower(settings)) {
            return String.format(
                    "%s is %s and %s is %s already: the server's own expiry is driven hard by its configuration, or by"
                            + " another Keysweep, which may have died; put the defaults back with: CONFIG SET %s 1,"
                            + " CONFIG SET %s 10",
                    ServerSettings.EFFORT,
                    settings.value(ServerSettings.EFFORT),
                    ServerSettings.HZ,
                    settings.value(ServerSettings.HZ),
                    ServerSettings.EFFORT,
                    ServerSettings.HZ);
        }
        return null;
    }

    private static List<SettingChange> changes(ServerSettings settings) {
        List<SettingChange> changes = new ArrayList<>();
        if (!settings.lazyFree()) {
            changes.add(new SettingChange(
                    ServerSettings.LAZY_FREE, settings.value(ServerSettings.LAZY_FREE), /* raised= */ "yes"));
        }
        if (isHzLower(settings)) {
            changes.add(new SettingChange(
                    ServerSettings.HZ, settings.value(ServerSettings.HZ), Integer.toString(CycleDrive.HARD.hz())));
        }
        if (isEffortLower(settings)) {
            changes.add(new SettingChange(
                    ServerSettings.EFFORT,
                    settings.value(ServerSettings.EFFORT),
                    Integer.toString(CycleDrive.HARD.effort())));
        }
        return changes;
    }

    private static boolean isEffortLower(ServerSettings settings) {
        return numericValue(settings, ServerSettings.EFFORT) < CycleDrive.HARD.effort();
    }

    private static boolean isHzLower(ServerSettings settings) {
        return numericValue(settings, ServerSettings.HZ) < CycleDrive.HARD.hz();
    }

    /**
     * Returns the value of a setting; 0 if it is not a number, so that the setting is treated as too low and is raised.
     */
    private static long numericValue(ServerSettings settings, String name) {
        try {
            return Long.parseLong(settings.value(name));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
