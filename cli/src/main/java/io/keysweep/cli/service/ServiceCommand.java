package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** What commands that ask a service have in common: which one, with which key. */
abstract class ServiceCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    private final Shell shell;

    ServiceCommand(Shell shell) {
        this.shell = shell;
    }

    /** Asks the service and gives the exit code. */
    abstract int ask(ServiceClient client, ServiceAccess access) throws InterruptedException;

    final Shell shell() {
        return shell;
    }

    @Override
    public final Integer call() throws InterruptedException {
        ServiceAccess access = service.resolve(shell);
        try (ServiceClient client = new ServiceClient(access, shell.clock())) {
            return ask(client, access);
        }
    }
}
