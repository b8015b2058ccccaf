package io.keysweep.cli.service;

import io.keysweep.api.ScanView;
import io.keysweep.cli.shell.ReasonOption;
import io.keysweep.cli.shell.Shell;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** What the commands on one scan have in common: which one, why, and the scan that they write. */
abstract class OneScanCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "the scan's id")
    private String id = "";

    @Mixin
    private ReasonOption reason = new ReasonOption();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--json", description = "write the scan as JSON")
    private boolean json;

    private final Shell shell;
    private final String verb;

    OneScanCommand(Shell shell, String verb) {
        this.shell = shell;
        this.verb = verb;
    }

    /** Asks the service. */
    ScanView ask(ServiceClient client, String scanId, @Nullable String why) throws InterruptedException {
        return client.order(scanId, verb, why);
    }

    @Override
    public Integer call() throws InterruptedException {
        String why = reason.reason();
        try (ServiceClient client = new ServiceClient(service.resolve(shell), shell.clock())) {
            ScanView scan = ask(client, id, why);
            if (json) {
                shell.out().println(JsonMapper.builder().build().writeValueAsString(scan));
            } else {
                ScansGetCommand.lines(scan).forEach(shell.out()::println);
            }
        }
        return 0;
    }
}
