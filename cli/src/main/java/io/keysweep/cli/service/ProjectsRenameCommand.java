package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keysweep projects rename}. */
@Command(name = "rename", description = "Renames a project.")
final class ProjectsRenameCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "the project's id, see 'keysweep projects list'")
    private String id = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "1 to 64 characters")
    private String name = "";

    @Mixin
    private IfVersionOption seen = new IfVersionOption();

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    ProjectsRenameCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.write(
                shell(),
                new ProjectCalls(client).rename(id, name, seen),
                project -> List.of(ProjectsListCommand.line(project)));
        return 0;
    }
}
