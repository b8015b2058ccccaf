package io.keysweep.cli.service;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceTest;
import io.keysweep.cli.shell.CredentialOptions;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.Shell;
import io.keysweep.cli.shell.TlsOptions;
import io.keysweep.cli.shell.TopologyOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code keysweep instances add}. */
@Command(
        name = "add",
        description = {
            "Adds a server to the service.",
            "The service connects to it, so the URI must be reachable from the service."
        })
final class InstancesAddCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "name of the instance, 1 to 64 characters")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "URI",
            description = "redis://HOST[:PORT], or rediss:// for TLS; 'keysweep sweep --help' lists all forms")
    private String uri = "";

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Option(names = "--test", description = "only test whether a scan would begin; add nothing")
    private boolean test;

    @Mixin
    private ResultOutput output = new ResultOutput();

    InstancesAddCommand(Shell shell) {
        super(shell);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
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
            InstanceTest result = new InstanceCalls(client).test(registration);
            output.write(shell(), result, InstanceLines::lines);
            exitWith(InstancesCommand.Test.exitCode(result));
        } else {
            output.writeLine(shell(), client.register(registration), InstanceLines::line);
        }
    }
}
