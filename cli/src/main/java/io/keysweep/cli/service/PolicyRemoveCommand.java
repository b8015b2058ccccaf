package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;

/** {@code remove}: an instance follows its project then, and a project has none. */
@Command(name = "remove")
final class PolicyRemoveCommand extends PolicyCommand {

    PolicyRemoveCommand(Shell shell, PolicyKind kind) {
        super(shell, kind);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        client.tell("DELETE", path(access));
        return 0;
    }
}
