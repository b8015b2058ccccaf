package io.keysweep.cli.service;

import java.util.List;
import java.util.stream.Stream;

/**
 * Lists the kinds of policies. A policy is a document of settings that a project sets as the default for its instances.
 *
 * <p>For each kind except budgets, an instance can have an exception, which replaces the default. The ceilings of an
 * instance do not replace the ceilings of its project. The tightest value applies.
 */
enum PolicyType {

    /** Decides when sweeps may run: in windows (times of the week), and not on blackouts (ranges of days). */
    WINDOWS(
            "windows",
            "windows",
            "the windows",
            "the times when sweeps may run",
            "No windows are set.",
            List.of("source", "open", "nextChange")),
    /** Decides under which conditions automatic scans start, for example from a number of expired keys on. */
    START_POLICY(
            "start-policies",
            "start-policy",
            "the start policy",
            "the conditions under which automatic scans start",
            "No start policy is set.",
            List.of("source")),
    /** Limits how many sweeps of a project may run at the same time. */
    BUDGET(
            "budgets",
            "budget",
            "the budget",
            "the number of sweeps of a project that may run at the same time",
            "No budget is set.",
            List.of("running", "waiting")),
    /** Limits how fast scans may be. A scan must stay within the ceilings of its instance and of its project. */
    CEILINGS(
            "ceilings",
            "ceilings",
            "the ceilings",
            "the highest pace of scans",
            "No ceilings are set here.",
            List.of());

    private final String command;
    private final String segment;
    private final String noun;
    private final String meaning;
    private final String noneSet;

    @SuppressWarnings("ImmutableEnumChecker") // All constants have an immutable list.
    private final List<String> ownFields;

    PolicyType(String command, String segment, String noun, String meaning, String noneSet, List<String> ownFields) {
        this.command = command;
        this.segment = segment;
        this.noun = noun;
        this.meaning = meaning;
        this.noneSet = noneSet;
        this.ownFields = ownFields;
    }

    /** Returns the name of the command for this kind, for example {@code start-policies}. */
    String command() {
        return command;
    }

    /** Returns the policy as a noun, for example {@code the start policy}. */
    String noun() {
        return noun;
    }

    /** Returns the sentence for a project or instance to which no such policy applies. */
    String noneSet() {
        return noneSet;
    }

    /** Returns the fields of the service's answer that a table shows, apart from the document. */
    List<String> columns() {
        return Stream.concat(ownFields.stream(), Stream.of("setBy", "setAt", "version"))
                .toList();
    }

    /** Returns the subject of the policy, in words that can follow a verb, as in "Shows the highest pace of scans". */
    String meaning() {
        return meaning;
    }

    /**
     * Returns the URL path of a policy.
     *
     * @param ownerId id of the instance or project whose policy it is
     * @param ofInstance whether the owner is an instance
     */
    String path(String ownerId, boolean ofInstance) {
        return "/api/v1/" + (ofInstance ? "instances/" : "projects/") + ServiceClient.segment(ownerId) + "/" + segment;
    }
}
