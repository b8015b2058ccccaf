package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Shares the option {@code --project} between the commands about access keys, users and access policies, which belong
 * to a project.
 */
abstract class ProjectOwnedCommand extends ServiceCommand {

    @Option(
            names = "--project",
            paramLabel = "PROJECT",
            description =
                    "name or id of the project. Default: the project of the access key that you call with. Another"
                            + " project needs the action keysweep:project:manage")
    private @Nullable String project;

    ProjectOwnedCommand(CommandContext context) {
        super(context);
    }

    /**
     * Returns the id of the project that the user has named, or else the id of the caller's own project. Calls the
     * service only to find the id of a name.
     */
    final String projectId(ServiceClient client, ServiceAccess access) throws InterruptedException {
        return project == null ? access.projectId() : new IdResolver(client).projectId(project);
    }
}
