package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keysweep projects create}. */
@Command(name = "create", description = "Makes a project and its first access key, whose secret is shown once.")
final class ProjectsCreateCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "1 to 64 characters")
    private String name = "";

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    ProjectsCreateCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.write(
                shell(),
                new ProjectCalls(client).create(name),
                made -> List.of(
                        made.projectId() + "  " + made.name(),
                        "  access key                  " + made.accessKey(),
                        "  secret key, shown only now  " + made.secretKey()));
        return 0;
    }
}
