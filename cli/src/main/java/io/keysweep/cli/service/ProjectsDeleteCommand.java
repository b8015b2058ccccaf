package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code keysweep projects delete}. */
@Command(name = "delete", description = "Deletes a project that has no instances, with its access keys.")
final class ProjectsDeleteCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "the project's id, see 'keysweep projects list'")
    private String id = "";

    ProjectsDeleteCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        new ProjectCalls(client).delete(id);
        return 0;
    }
}
