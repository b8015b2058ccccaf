package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code remove}: an instance follows its project then, and a project has none. */
@Command(name = "remove")
final class PolicyRemoveCommand extends PolicyCommand {

    @Mixin
    private IfVersionOption seen = new IfVersionOption();

    PolicyRemoveCommand(Shell shell, PolicyType kind) {
        super(shell, kind);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        client.tell("DELETE", path(access), seen.headers());
        return 0;
    }
}
