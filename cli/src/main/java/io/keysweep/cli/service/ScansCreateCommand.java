package io.keysweep.cli.service;

import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.PaceChangeOptions;
import io.keysweep.cli.shell.Shell;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    private PaceChangeOptions pace = new PaceChangeOptions();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "end the scan after this time, for example 90s, 30m or 2h. Default: the service's")
    private @Nullable Duration timeout;

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
            CreatedScan scan = timeout == null && !pace.given()
                    ? client.createScan(instanceId)
                    : client.createScan(instanceId, options());
            shell.out().println(json ? JsonMapper.builder().build().writeValueAsString(scan) : scan.id());
        }
        return 0;
    }

    private Map<String, @Nullable Object> options() {
        Map<String, @Nullable Object> options =
                pace.given() ? new LinkedHashMap<>(pace.fields()) : new LinkedHashMap<>();
        if (timeout != null) {
            options.put("timeoutSeconds", timeout.toSeconds());
        }
        return options;
    }
}
