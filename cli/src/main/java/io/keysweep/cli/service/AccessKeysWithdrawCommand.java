package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keysweep access-keys withdraw}. */
@Command(
        name = "withdraw",
        description = "Withdraws an access key: it signs nothing from now on, and its tokens are void.")
final class AccessKeysWithdrawCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "AK", description = "the access key's id")
    private String accessKey = "";

    @Option(
            names = "--project",
            paramLabel = "ID",
            description = "whose; default: the access key's own. Another's takes keysweep:project:manage")
    private @Nullable String project;

    AccessKeysWithdrawCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        new ProjectCalls(client).withdraw(project == null ? access.projectId() : project, accessKey);
        return 0;
    }
}
