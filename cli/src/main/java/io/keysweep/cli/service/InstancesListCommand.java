package io.keysweep.cli.service;

import io.keysweep.api.InstanceView;
import io.keysweep.cli.shell.Shell;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code keysweep instances list}. */
@Command(name = "list", description = "Lists the servers that the service knows, one a line.")
final class InstancesListCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--json", description = "write a JSON array")
    private boolean json;

    private final Shell shell;

    InstancesListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ServiceClient client = new ServiceClient(service.resolve(shell), shell.clock())) {
            List<InstanceView> instances = client.instances();
            if (json) {
                shell.out().println(JsonMapper.builder().build().writeValueAsString(instances));
            } else {
                instances.forEach(instance -> shell.out().println(line(instance)));
            }
        }
        return 0;
    }

    static String line(InstanceView instance) {
        String server = instance.flavour() == null
                ? "not reached yet"
                : instance.flavour() + (instance.version() == null ? "" : " " + instance.version());
        return instance.id() + "  " + instance.name() + "  " + instance.uri() + "  " + server
                + (instance.problem() == null ? "" : "  (" + instance.problem() + ")");
    }
}
