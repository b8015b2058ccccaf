package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/**
 * Finds the service and the access key for a command that calls a service, opens the client, and closes it after the
 * command. All such commands extend this class.
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
     * Calls the service and writes the result.
     *
     * @param access the service and the access key that {@code client} uses
     */
    abstract void run(ServiceClient client, ServiceAccess access) throws InterruptedException;

    /** Sets the exit code of a command whose {@link #run} returns; otherwise it is {@link ExitCode#DONE}. */
    final void exitWith(ExitCode code) {
        exitCode = code;
    }

    final CommandContext context() {
        return context;
    }

    @Override
    public final Integer call() throws InterruptedException {
        ServiceAccess access = service.resolve(context);
        try (ServiceClient client = new ServiceClient(access, context.clock())) {
            run(client, access);
            return exitCode.number();
        }
    }
}
