package io.keysweep.server.iam;

import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An action is a group of requests that an access key can permit; an IAM name identifies the action.
 *
 * <p>Actions named {@code dcs:*} have the IAM names of Huawei Cloud's public DCS API reference. Actions named {@code
 * keysweep:*} are Keysweep's own. An access key has a list of such names, to which {@link #ANALYZE} and {@link
 * #EVERYTHING} may belong; {@link Caller#may} decides.
 */
public enum Action {
    /** Start scans and make estimates. */
    ANALYZE_EXPIRED_KEY("dcs:instance:analyzeExpiredKey", /* grantedByAnalyze= */ true),
    /** Read scans, their progress and the holds. */
    LIST_SCANS("dcs:instance:getAutoExpiredKeyScanTask", /* grantedByAnalyze= */ true),
    /** Read the schedule of automatic scans. */
    GET_AUTOSCAN("dcs:instance:getExpiredKeyScanConfig", /* grantedByAnalyze= */ true),
    /** Change schedules. Together with {@link #MANAGE_INSTANCES}, also change start policies. */
    UPDATE_AUTOSCAN("dcs:instance:updateExpiredKeyScanConfig", /* grantedByAnalyze= */ true),
    /** List the instances of the project. */
    LIST_INSTANCES("dcs:instance:list", /* grantedByAnalyze= */ false),
    /** Read one instance with its windows and policies. */
    GET_INSTANCE("dcs:instance:get", /* grantedByAnalyze= */ false),
    /** Pause, resume, cancel and tune scans, and set and release the project hold. */
    CONTROL_SCANS("keysweep:scan:control", /* grantedByAnalyze= */ true),
    /** Set and release the global hold, and the hold of any project. */
    HOLD_ALL("keysweep:hold:manage", /* grantedByAnalyze= */ false),
    /** Change the budgets of projects. */
    MANAGE_BUDGETS("keysweep:budget:manage", /* grantedByAnalyze= */ false),
    /** Change the ceilings of the project, its tags and its instances, which no scan may exceed without approval. */
    MANAGE_CEILINGS("keysweep:ceiling:manage", /* grantedByAnalyze= */ false),
    /**
     * Approve or reject scans above a ceiling that another access key has requested. Only ceilings of tags can allow
     * that.
     */
    APPROVE_SCANS("keysweep:scan:approve", /* grantedByAnalyze= */ false),
    /** List the processes of the service. */
    LIST_WORKERS("keysweep:worker:list", /* grantedByAnalyze= */ false),
    /** Register, change and remove instances, with their windows and policies. */
    MANAGE_INSTANCES("keysweep:instance:manage", /* grantedByAnalyze= */ false),
    /** Read and change the webhooks of the project. */
    MANAGE_WEBHOOKS("keysweep:webhook:manage", /* grantedByAnalyze= */ false),
    /** Create, change and withdraw access keys of the project, and its access policies and users. */
    MANAGE_ACCESS_KEYS("keysweep:access-key:manage", /* grantedByAnalyze= */ false),
    /** Create, rename and delete projects, and manage their access keys. */
    MANAGE_PROJECTS("keysweep:project:manage", /* grantedByAnalyze= */ false),
    /** Read, export and verify the audit log, which contains the calls of all projects. */
    READ_AUDIT("keysweep:audit:read", /* grantedByAnalyze= */ false);

    /**
     * The older DCS name, which grants all actions about scans and schedules (the actions with {@code
     * grantedByAnalyze}). This includes {@link #CONTROL_SCANS}, which DCS does not have.
     */
    public static final String ANALYZE = "dcs:instance:analyze";

    /** The name that grants every action. */
    public static final String EVERYTHING = "*";

    /** All names that an access key may have, in the order in which messages list them. */
    private static final List<String> NAMES = Stream.concat(
                    Arrays.stream(values()).map(Action::wireName), Stream.of(ANALYZE, EVERYTHING))
            .toList();

    private static final int MAX_PATTERN_LENGTH = 100;

    private final String wireName;
    private final boolean grantedByAnalyze;

    Action(String wireName, boolean grantedByAnalyze) {
        this.wireName = wireName;
        this.grantedByAnalyze = grantedByAnalyze;
    }

    /** Returns the IAM name, such as {@code dcs:instance:list}. */
    public String wireName() {
        return wireName;
    }

    /** Returns whether {@link #ANALYZE} grants this action. */
    boolean isGrantedByAnalyze() {
        return grantedByAnalyze;
    }

    /** Returns the action with an IAM name; empty if the name is unknown or stands for several actions. */
    static Optional<Action> find(String wireName) {
        return Arrays.stream(values())
                .filter(action -> action.wireName.equals(wireName))
                .findFirst();
    }

    /** Returns all names that an access key may have. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Requires that a text is the name of an action, or a pattern with {@code *} that matches at least one name.
     *
     * @return the text itself
     * @throws IllegalArgumentException if the text matches no action, for example because it is misspelt
     */
    public static String requirePattern(String text) {
        if (text.length() > MAX_PATTERN_LENGTH
                || NAMES.stream().noneMatch(action -> AccessStatement.matches(/* name= */ text, /* text= */ action))) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /**
     * Requires that each name is the name of an action, {@link #ANALYZE} or {@link #EVERYTHING}.
     *
     * @param names names from the field {@code actions} of a request, or null if the field is missing
     * @return the names without repetitions, at least one
     * @throws RequestRefusedException if there is no name, or a name is unknown
     */
    public static List<String> requireNames(@Nullable List<String> names) {
        Phrase rule = Phrase.of("at least one of {0}", String.join(", ", NAMES));
        if (names == null || names.isEmpty()) {
            throw RequestRefusedException.parameter("actions", names == null ? null : "[]", rule);
        }
        for (String name : names) {
            // A list in JSON can contain null, which is no known name either.
            if (NAMES.stream().noneMatch(known -> known.equals(name))) {
                throw RequestRefusedException.parameter("actions", String.valueOf(name), rule);
            }
        }
        return names.stream().distinct().toList();
    }
}
