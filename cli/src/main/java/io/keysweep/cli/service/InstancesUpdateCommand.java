package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.CredentialOptions;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import io.keysweep.cli.shell.TlsOptions;
import io.keysweep.cli.shell.TopologyOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keysweep instances update ID}. */
@Command(
        name = "update",
        description = {
            "Changes what the service knows of a server; what is not named stays as it is.",
            "A password does not go to another URI unless it is given again. Neither URI nor node map can be changed",
            "while a scan waits or runs; the rest holds from the next connection on."
        })
final class InstancesUpdateCommand extends ServiceCommand {

    private static final Map<String, List<String>> REMOVABLE = Map.of(
            "credentials", List.of("username", "password"),
            "sentinel-credentials", List.of("sentinelUsername", "sentinelPassword"),
            "node-map", List.of("nodeMap"),
            "tls-ca", List.of("tlsCa"),
            "tls-cert", List.of("tlsCertificate", "tlsKey"));

    @Parameters(index = "0", paramLabel = "ID", description = "the instance's id, see 'keysweep instances list'")
    private String id = "";

    @Option(names = "--name", paramLabel = "NAME", description = "what people call it, 1 to 64 characters")
    private @Nullable String name;

    @Option(names = "--uri", paramLabel = "URI", description = "redis://HOST[:PORT], or rediss:// for TLS")
    private @Nullable String uri;

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Option(
            names = "--without",
            paramLabel = "WHAT",
            split = ",",
            description =
                    "takes away: credentials, sentinel-credentials, node-map, tls-ca, tls-cert; several are possible")
    private List<String> without = List.of();

    @Option(
            names = "--if-revision",
            paramLabel = "N",
            description = "change only if the instance still has this revision (see 'instances list --json')")
    private @Nullable Integer revision;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    InstancesUpdateCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        Map<String, @Nullable Object> fields = new HashMap<>();
        for (String what : without) {
            List<String> names = REMOVABLE.get(what);
            if (names == null) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "--without is '" + what + "', must be of "
                                + String.join(
                                        ", ",
                                        REMOVABLE.keySet().stream().sorted().toList()));
            }
            names.forEach(field -> fields.put(field, null));
        }
        put(fields, "name", name);
        put(fields, "uri", uri);
        put(fields, "username", credentials.username());
        put(fields, "password", credentials.givenPassword(shell()));
        put(fields, "sentinelUsername", topology.sentinelUsername());
        put(fields, "sentinelPassword", topology.sentinelPassword(shell(), uri == null ? "" : uri));
        put(fields, "nodeMap", topology.nodeMapText());
        put(fields, "tlsCa", tls.caText());
        put(fields, "tlsCertificate", tls.certificateText());
        put(fields, "tlsKey", tls.keyText());
        if (fields.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, "nothing to change: name one option at least");
        }
        output.write(
                shell(),
                new InstanceCalls(client).change(id, fields, revision == null ? null : revision.toString()),
                instance -> List.of(InstancesListCommand.line(instance)));
        return 0;
    }

    private static void put(Map<String, @Nullable Object> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
