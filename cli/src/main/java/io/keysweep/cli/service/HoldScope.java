package io.keysweep.cli.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a hold holds: everything, or one project. */
final class HoldScope {

    private static final String OWN = "";

    @Option(
            names = "--project",
            paramLabel = "ID",
            arity = "0..1",
            fallbackValue = OWN,
            description = "only this project; the access key's own if no ID follows. Default: everything")
    private @Nullable String project;

    /** The project's id, or null for everything. */
    @Nullable String projectId(ServiceAccess access) {
        return project == null || !project.isEmpty() ? project : access.projectId();
    }
}
