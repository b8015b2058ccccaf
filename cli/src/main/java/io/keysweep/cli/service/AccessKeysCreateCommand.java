package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keysweep access-keys create}. */
@Command(name = "create", description = "Makes an access key, whose secret is shown once.")
final class AccessKeysCreateCommand extends ServiceCommand {

    @Option(
            names = "--action",
            paramLabel = "ACTION",
            split = ",",
            required = true,
            description = "what it may do, such as dcs:instance:analyze; several are possible, * is everything. None"
                    + " that you may not do yourself")
    private List<String> actions = List.of();

    @Option(
            names = "--project",
            paramLabel = "ID",
            description = "whose; default: the access key's own. Another's takes keysweep:project:manage")
    private @Nullable String project;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    AccessKeysCreateCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.write(
                shell(),
                new ProjectCalls(client).createKey(project == null ? access.projectId() : project, actions),
                key -> List.of(AccessKeysListCommand.line(key), "  secret key, shown only now  " + key.secretKey()));
        return 0;
    }
}
