package io.keysweep.cli.service;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.cli.shell.CredentialOptions;
import io.keysweep.cli.shell.Shell;
import io.keysweep.cli.shell.TlsOptions;
import io.keysweep.cli.shell.TopologyOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keysweep instances add NAME URI}. */
@Command(
        name = "add",
        description = {
            "Makes a server known to the service.",
            "The service connects to it, so the URI must hold as seen from there."
        })
final class InstancesAddCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "what people call it, 1 to 64 characters")
    private String name = "";

    @Parameters(index = "1", paramLabel = "URI", description = "redis://HOST[:PORT], or rediss:// for TLS")
    private String uri = "";

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Option(names = "--test", description = "only have the service try whether a scan would begin; adds nothing")
    private boolean test;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    InstancesAddCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        InstanceRegistration registration = new InstanceRegistration(
                name,
                uri,
                credentials.username(),
                credentials.password(shell()),
                topology.sentinelUsername(),
                topology.sentinelPassword(shell(), uri),
                topology.nodeMapText(),
                tls.caText(),
                tls.certificateText(),
                tls.keyText());
        if (test) {
            return InstancesTestCommand.tell(shell(), output, new InstanceCalls(client).test(registration));
        }
        output.write(shell(), client.register(registration), instance -> List.of(InstancesListCommand.line(instance)));
        return 0;
    }
}
