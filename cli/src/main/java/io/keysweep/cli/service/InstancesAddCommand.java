package io.keysweep.cli.service;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceView;
import io.keysweep.cli.shell.CredentialOptions;
import io.keysweep.cli.shell.Shell;
import io.keysweep.cli.shell.TopologyOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code keysweep instances add NAME URI}. */
@Command(
        name = "add",
        description = {
            "Makes a server known to the service.",
            "The service connects to it, so the URI must hold as seen from there."
        })
final class InstancesAddCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAME", description = "what people call it, 1 to 64 characters")
    private String name = "";

    @Parameters(index = "1", paramLabel = "URI", description = "redis://HOST[:PORT], or rediss:// for TLS")
    private String uri = "";

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--json", description = "write the instance as JSON")
    private boolean json;

    private final Shell shell;

    InstancesAddCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ServiceClient client = new ServiceClient(service.resolve(shell), shell.clock())) {
            InstanceView instance = client.register(new InstanceRegistration(
                    name,
                    uri,
                    credentials.username(),
                    credentials.password(shell),
                    topology.sentinelUsername(),
                    topology.sentinelPassword(shell, uri),
                    topology.nodeMapText()));
            shell.out()
                    .println(
                            json
                                    ? JsonMapper.builder().build().writeValueAsString(instance)
                                    : InstancesListCommand.line(instance));
        }
        return 0;
    }
}
