package io.keysweep.cli.service;

import io.keysweep.cli.shell.ReasonOption;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keysweep hold}. */
@Command(
        name = "hold",
        description = {
            "Holds all scans of a service, or of one project: running ones stop within a second, waiting ones are not",
            "begun, until 'keysweep release'. It outlives restarts."
        })
public final class HoldCommand implements Callable<Integer> {

    @Mixin
    private HoldScope scope = new HoldScope();

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    private final Shell shell;

    /** {@code shell} is what the command sees of the world. */
    public HoldCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        String why = reason.reason();
        ServiceAccess access = service.resolve(shell);
        try (ServiceClient client = new ServiceClient(access, shell.clock())) {
            shell.out().println(HoldsCommand.line(client.hold(scope.projectId(access), why)));
        }
        return 0;
    }
}
