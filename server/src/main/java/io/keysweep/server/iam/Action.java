package io.keysweep.server.iam;

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
    MANAGE_PROJECTS("keysweep:project:manage", false);

    /** Older DCS name that grants all of the scan actions: who may start scans may stop them too. */
    static final String ANALYZE = "dcs:instance:analyze";

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
}
