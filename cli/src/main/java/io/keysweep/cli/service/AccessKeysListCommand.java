package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyView;
import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keysweep access-keys list}. */
@Command(name = "list", description = "Lists the access keys of a project without their secrets, one a line.")
final class AccessKeysListCommand extends ServiceCommand {

    @Option(
            names = "--project",
            paramLabel = "ID",
            description = "whose; default: the access key's own. Another's takes keysweep:project:manage")
    private @Nullable String project;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    AccessKeysListCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.writeAll(
                shell(),
                new ProjectCalls(client).keys(project == null ? access.projectId() : project),
                AccessKeysListCommand::line);
        return 0;
    }

    static String line(AccessKeyView key) {
        return key.accessKey() + "  " + String.join(" ", key.actions()) + "  since " + key.createdAt();
    }
}
