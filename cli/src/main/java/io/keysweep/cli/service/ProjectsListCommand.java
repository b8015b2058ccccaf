package io.keysweep.cli.service;

import io.keysweep.api.ProjectView;
import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keysweep projects list}. */
@Command(name = "list", description = "Lists the projects that the access key sees, one a line.")
final class ProjectsListCommand extends ServiceCommand {

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    ProjectsListCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.writeAll(shell(), new ProjectCalls(client).list(), ProjectsListCommand::line);
        return 0;
    }

    static String line(ProjectView project) {
        return project.id() + "  " + project.name() + "  since " + project.createdAt();
    }
}
