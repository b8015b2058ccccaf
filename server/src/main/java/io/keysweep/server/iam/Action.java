package io.keysweep.server.iam;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An action is something that an access key may be permitted to do, identified by an IAM name.
 *
 * <p>Actions named {@code dcs:*} have the IAM names of Huawei Cloud's public DCS API reference. Actions named
 * {@code keysweep:*} are Keysweep's own.
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

    /** The older DCS name that grants all scan actions, including Keysweep's own action to pause and cancel scans. */
    static final String ANALYZE = "dcs:instance:analyze";

    /** The name that grants every action. */
    static final String EVERYTHING = "*";

    private static final List<String> NAMES = Stream.concat(
                    Arrays.stream(values()).map(Action::wireName), Stream.of(ANALYZE, EVERYTHING))
            .toList();

    private final String wireName;
    private final boolean grantedByAnalyze;

    Action(String wireName, boolean grantedByAnalyze) {
        this.wireName = wireName;
        this.grantedByAnalyze = grantedByAnalyze;
    }

    /** Returns the IAM name. */
    public String wireName() {
        return wireName;
    }

    /** Returns whether {@link #ANALYZE} grants this action. */
    boolean isGrantedByAnalyze() {
        return grantedByAnalyze;
    }

    /** Returns the action with an IAM name; empty if no action has it. */
    static Optional<Action> named(String wireName) {
        return Arrays.stream(values())
                .filter(action -> action.wireName.equals(wireName))
                .findFirst();
    }

    /** Returns whether an access key can be given a name: an action's, {@link #ANALYZE} or {@link #EVERYTHING}. */
    static boolean isKnownName(String name) {
        return NAMES.contains(name);
    }

    /** Returns all names that an access key can be given, separated by commas, for an error message. */
    static String knownNames() {
        return String.join(", ", NAMES);
    }
}
