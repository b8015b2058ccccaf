package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code get}: the document on standard output, as {@code set} takes it, and whose it is on standard error. */
@Command(name = "get")
final class PolicyGetCommand extends PolicyCommand {

    @Option(names = "--json", description = "write the whole answer as JSON, not the document alone")
    private boolean json;

    PolicyGetCommand(Shell shell, PolicyType kind) {
        super(shell, kind);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        JsonNode view = client.ask("GET", path(access), null, JsonNode.class);
        if (json) {
            shell().out().println(view);
            return 0;
        }
        shell().err().println(PolicyText.about(view));
        shell().out().println(PolicyText.document(view));
        return 0;
    }
}
