package io.keysweep.cli.service;

import org.jspecify.annotations.Nullable;

/** A kind of document that a project sets as its default and, unless it is a budget, an instance as its exception. */
enum PolicyType {
    /** When sweeps may run. */
    WINDOWS("windows", "windows", "when sweeps may run"),
    /** When an automatic scan is worth its while. */
    START_POLICY("start-policies", "start-policy", "when an automatic scan is worth its while"),
    /** How many sweeps of a project may run at once. */
    BUDGET("budgets", "budget", "how many sweeps of a project may run at once");

    private final String command;
    private final String segment;
    private final String meaning;

    PolicyType(String command, String segment, String meaning) {
        this.command = command;
        this.segment = segment;
        this.meaning = meaning;
    }

    /** The name of the command that is about it. */
    String command() {
        return command;
    }

    /** What it says, to be put after "Shows" or the like. */
    String meaning() {
        return meaning;
    }

    /** Where the service has it. */
    String path(String projectId, @Nullable String instanceId) {
        return "/api/v1/"
                + (instanceId == null
                        ? "projects/" + ServiceClient.segment(projectId)
                        : "instances/" + ServiceClient.segment(instanceId))
                + "/" + segment;
    }
}
