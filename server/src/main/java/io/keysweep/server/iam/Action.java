package io.keysweep.server.iam;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a caller may do. Those of the DCS API carry the IAM names of the public DCS API reference; {@code keysweep:*}
 * are ours.
 */
public enum Action {
    ANALYZE_EXPIRED_KEY("dcs:instance:analyzeExpiredKey", true),
    LIST_SCANS("dcs:instance:getAutoExpiredKeyScanTask", true),
    GET_AUTOSCAN("dcs:instance:getExpiredKeyScanConfig", true),
    UPDATE_AUTOSCAN("dcs:instance:updateExpiredKeyScanConfig", true),
    LIST_INSTANCES("dcs:instance:list", false),
    GET_INSTANCE("dcs:instance:get", false),
    CONTROL_SCANS("keysweep:scan:control", true),
    HOLD_ALL("keysweep:hold:manage", false),
    MANAGE_BUDGETS("keysweep:budget:manage", false),
    LIST_WORKERS("keysweep:worker:list", false),
    MANAGE_INSTANCES("keysweep:instance:manage", false),
    MANAGE_WEBHOOKS("keysweep:webhook:manage", false),
    MANAGE_ACCESS_KEYS("keysweep:access-key:manage", false),
    MANAGE_PROJECTS("keysweep:project:manage", false);

    /** Older DCS name that grants all of the scan actions: who may start scans may stop them too. */
    static final String ANALYZE = "dcs:instance:analyze";

    /** Grants everything. */
    static final String EVERYTHING = "*";

    private static final List<String> NAMES = Stream.concat(
                    Arrays.stream(values()).map(Action::wireName), Stream.of(ANALYZE, EVERYTHING))
            .toList();

    private final String wireName;
    private final boolean analysis;

    Action(String wireName, boolean analysis) {
        this.wireName = wireName;
        this.analysis = analysis;
    }

    /** Its IAM name. */
    public String wireName() {
        return wireName;
    }

    /** Whether {@link #ANALYZE} grants it. */
    boolean analysis() {
        return analysis;
    }

    /** The action of that IAM name. */
    static Optional<Action> named(String wireName) {
        return Arrays.stream(values())
                .filter(action -> action.wireName.equals(wireName))
                .findFirst();
    }

    /** Whether a key can be given that name: an action, the older one for the analysis, or {@code *}. */
    static boolean known(String name) {
        return NAMES.contains(name);
    }

    /** All names that a key can be given, for people. */
    static String names() {
        return String.join(", ", NAMES);
    }
}
