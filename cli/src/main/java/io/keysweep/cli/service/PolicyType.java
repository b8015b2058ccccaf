package io.keysweep.cli.service;

import org.jspecify.annotations.Nullable;

/**
 * Lists the kinds of policies. A policy is a document that a project sets as its default; except for budgets, an
 * instance can set an exception.
 */
enum PolicyType {

    /** Windows and blackouts: when sweeps may run. */
    WINDOWS("windows", "windows", "when sweeps may run"),
    /** Start policy: when an automatic scan starts. */
    START_POLICY("start-policies", "start-policy", "under which conditions automatic scans start"),
    /** Budget: how many sweeps of a project may run at the same time. */
    BUDGET("budgets", "budget", "how many sweeps of a project may run at the same time");

    private final String command;
    private final String segment;
    private final String meaning;

    PolicyType(String command, String segment, String meaning) {
        this.command = command;
        this.segment = segment;
        this.meaning = meaning;
    }

    /** Returns the name of the command for this kind. */
    String command() {
        return command;
    }

    /** Returns what the policy decides, as the object of a verb such as "Shows". */
    String meaning() {
        return meaning;
    }

    /** Returns the path of the policy of an instance, or of the project if {@code instanceId} is null. */
    String path(String projectId, @Nullable String instanceId) {
        return "/api/v1/"
                + (instanceId == null
                        ? "projects/" + ServiceClient.segment(projectId)
                        : "instances/" + ServiceClient.segment(instanceId))
                + "/" + segment;
    }
}
