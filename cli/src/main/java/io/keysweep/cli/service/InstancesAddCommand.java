package io.keysweep.cli.service;

import io.keysweep.api.InstanceCheck;
import io.keysweep.api.InstanceRegistration;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CredentialOptions;
import io.keysweep.cli.shell.TlsOptions;
import io.keysweep.cli.shell.TopologyOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep instances add}, which registers a server at the service or, with {@code --test}, only
 * tests it.
 */
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

    @Option(names = "--id", paramLabel = "UUID", description = "id of the new instance. Default: a random one")
    private @Nullable String id;

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "label it, such as env=prod; up to 20 times")
    private @Nullable Map<String, String> tags;

    @Mixin
    private AllowAssistOption assist = new AllowAssistOption();

    @Option(names = "--test", description = "only test whether a scan would begin; add nothing")
    private boolean test;

    @Mixin
    private EntryOutput output = new EntryOutput();

    InstancesAddCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        InstanceRegistration registration = new InstanceRegistration(
                name,
                uri,
                credentials.username(),
                credentials.password(context()),
                topology.sentinelUsername(),
                topology.sentinelPassword(context(), uri),
                topology.nodeMapText(),
                tls.caText(),
                tls.certificateText(),
                tls.keyText(),
                tags,
                assist.allowed(),
                id);
        if (test) {
            InstanceCheck result = new InstanceCalls(client).test(registration);
            output.writeOne(context(), result, InstanceTable.tests(name, id == null ? name : id), InstanceLines::lines);
            exitWith(InstancesCommand.Test.exitCode(result));
        } else {
            output.writeOne(context(), client.register(registration), InstanceTable.INSTANCES);
        }
    }
}
