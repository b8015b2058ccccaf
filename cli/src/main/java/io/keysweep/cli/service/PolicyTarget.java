package io.keysweep.cli.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose policy a command is about: a project's, the access key's own unless another is named, or an instance's. */
final class PolicyTarget {

    @Option(
            names = "--of-project",
            paramLabel = "ID",
            description = "the project whose default it is. Default: the access key's own")
    private @Nullable String project;

    /** One owner only, as the service answers for one. */
    String path(PolicyType kind, ServiceAccess access, @Nullable String instanceId) {
        return kind.path(project == null ? access.projectId() : project, instanceId);
    }
}
