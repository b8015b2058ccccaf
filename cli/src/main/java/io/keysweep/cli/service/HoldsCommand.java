package io.keysweep.cli.service;

import io.keysweep.api.HoldView;
import io.keysweep.cli.shell.Shell;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code keysweep holds}. */
@Command(name = "holds", description = "Lists the holds that are in force, one a line.")
public final class HoldsCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--json", description = "write a JSON array")
    private boolean json;

    private final Shell shell;

    /** {@code shell} is what the command sees of the world. */
    public HoldsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ServiceClient client = new ServiceClient(service.resolve(shell), shell.clock())) {
            List<HoldView> holds = client.holds();
            if (json) {
                shell.out().println(JsonMapper.builder().build().writeValueAsString(holds));
            } else {
                holds.forEach(hold -> shell.out().println(line(hold)));
            }
        }
        return 0;
    }

    static String line(HoldView hold) {
        return (hold.projectId() == null ? "everything" : "project " + hold.projectId()) + "  held by " + hold.by()
                + (hold.why() == null ? "" : ": " + hold.why()) + "  since " + hold.since();
    }
}
