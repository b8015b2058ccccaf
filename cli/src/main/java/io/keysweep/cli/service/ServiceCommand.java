package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/**
 * Runs a command that calls a service: finds the service and the access key, opens a client, and closes it afterwards.
 */
abstract class ServiceCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    private final CommandContext context;
    private ExitCode exitCode = ExitCode.DONE;

    ServiceCommand(CommandContext context) {
        this.context = context;
    }

    /**
     * Does the work of the command: calls the service and writes the result.
     *
     * @param client client of the service, which is closed when this method has returned
     * @param access the service and the access key that {@code client} uses
     */
    abstract void run(ServiceClient client, ServiceAccess access) throws InterruptedException;

    /**
     * Sets the exit code for a normal return of {@link #run}. Without this call, the exit code is {@link
     * ExitCode#DONE}.
     */
    final void exitWith(ExitCode code) {
        exitCode = code;
    }

    final CommandContext context() {
        return context;
    }

    /** Returns the service and how its requests are signed: with the access key, unless a command says otherwise. */
    ServiceAccess access(ServiceOptions service) {
        return service.resolve(context);
    }

    /**
     * Signs in to the service if the requests are not signed, and returns the access with the project of the user.
     * Returns the access itself for a command that uses an access key.
     */
    ServiceAccess signIn(ServiceClient client, ServiceAccess access) throws InterruptedException {
        return access;
    }

    @Override
    public final Integer call() throws InterruptedException {
        ServiceAccess access = access(service);
        try (ServiceClient client = new ServiceClient(access, context.clock())) {
            run(client, signIn(client, access));
            return exitCode.number();
        }
    }
}
