package io.keysweep.cli.service;

import io.keysweep.api.WorkerView;
import io.keysweep.cli.shell.Shell;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code keysweep workers}. */
@Command(name = "workers", description = "Lists the processes of a service, one a line, and below each what it runs.")
public final class WorkersCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--json", description = "write a JSON array")
    private boolean json;

    private final Shell shell;

    /** {@code shell} is what the command sees of the world. */
    public WorkersCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ServiceClient client = new ServiceClient(service.resolve(shell), shell.clock())) {
            List<WorkerView> workers = client.workers();
            if (json) {
                shell.out().println(JsonMapper.builder().build().writeValueAsString(workers));
            } else {
                workers.forEach(this::write);
            }
        }
        return 0;
    }

    private void write(WorkerView worker) {
        shell.out().println(line(worker));
        worker.sweeps().forEach(sweep -> shell.out().println(line(sweep)));
    }

    static String line(WorkerView worker) {
        return worker.id() + "  " + worker.host() + "  pid " + worker.pid() + "  " + String.join(",", worker.roles())
                + "  " + worker.version() + "  started " + worker.startedAt() + "  " + worker.status()
                + ", last heartbeat " + worker.heartbeatAt();
    }

    static String line(WorkerView.Running sweep) {
        return "  " + sweep.nodeId() + "  scan " + sweep.scanId() + "  instance " + sweep.instanceId() + "  since "
                + sweep.since();
    }
}
