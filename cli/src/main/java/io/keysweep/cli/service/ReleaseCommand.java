package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keysweep release}. */
@Command(name = "release", description = "Ends a hold of 'keysweep hold'; scans go on where they were.")
public final class ReleaseCommand implements Callable<Integer> {

    @Mixin
    private HoldScope scope = new HoldScope();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    private final Shell shell;

    /** {@code shell} is what the command sees of the world. */
    public ReleaseCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServiceAccess access = service.resolve(shell);
        try (ServiceClient client = new ServiceClient(access, shell.clock())) {
            client.release(scope.projectId(access));
        }
        return 0;
    }
}
