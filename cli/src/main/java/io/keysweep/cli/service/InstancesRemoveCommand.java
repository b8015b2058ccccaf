package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keysweep instances remove ID}. */
@Command(name = "remove", description = "Has the service forget a server; the server itself is left alone.")
final class InstancesRemoveCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "the instance's id, see 'keysweep instances list'")
    private String id = "";

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    private final Shell shell;

    InstancesRemoveCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ServiceClient client = new ServiceClient(service.resolve(shell), shell.clock())) {
            client.remove(id);
        }
        return 0;
    }
}
