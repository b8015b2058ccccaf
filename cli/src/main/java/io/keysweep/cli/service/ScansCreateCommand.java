package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code keysweep scans create INSTANCE_ID}. */
@Command(name = "create", description = "Creates a scan of an instance and writes the scan's id.")
final class ScansCreateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "INSTANCE_ID", description = "the instance's id, see 'keysweep instances list'")
    private String instanceId = "";

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--json", description = "write id and status as JSON")
    private boolean json;

    private final Shell shell;

    ScansCreateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ServiceClient client = new ServiceClient(service.resolve(shell), shell.clock())) {
            CreatedScan scan = client.createScan(instanceId);
            shell.out().println(json ? JsonMapper.builder().build().writeValueAsString(scan) : scan.id());
        }
        return 0;
    }
}
