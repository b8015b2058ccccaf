package io.keysweep.cli.service;

import io.keysweep.api.WorkerView;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ResultOutput;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Implements {@code keysweep workers}, which lists the processes of a service and the sweeps that they run. */
@Command(
        name = "workers",
        description =
                "Lists the processes of a service, one on each line, and below each process the sweeps that it runs.")
public final class WorkersCommand extends ServiceCommand {

    @Mixin
    private ResultOutput output = new ResultOutput();

    /** Creates the command. */
    public WorkersCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.write(context(), new ScanCalls(client).workers(), WorkersCommand::lines);
    }

    private static List<String> lines(List<WorkerView> workers) {
        List<String> lines = new ArrayList<>();
        for (WorkerView worker : workers) {
            lines.add(line(worker));
            worker.sweeps().forEach(sweep -> lines.add(line(sweep)));
        }
        return lines;
    }

    private static String line(WorkerView worker) {
        return worker.id() + "  " + worker.host() + "  pid " + worker.pid() + "  " + String.join(",", worker.roles())
                + "  " + worker.version() + "  started " + worker.startedAt() + "  " + worker.status()
                + ", last heartbeat " + worker.heartbeatAt();
    }

    private static String line(WorkerView.Running sweep) {
        return "  " + sweep.nodeId() + "  scan " + sweep.scanId() + "  instance " + sweep.instanceId() + "  since "
                + sweep.since();
    }
}
