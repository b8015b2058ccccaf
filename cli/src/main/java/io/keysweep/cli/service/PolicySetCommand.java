package io.keysweep.cli.service;

import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code set}: the whole document, of YAML or JSON. */
@Command(name = "set")
final class PolicySetCommand extends PolicyCommand {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = DocumentFile.STANDARD_INPUT,
            description = "the whole document, YAML or JSON. Default: standard input")
    private String file = DocumentFile.STANDARD_INPUT;

    @Mixin
    private IfVersionOption seen = new IfVersionOption();

    PolicySetCommand(Shell shell, PolicyType kind) {
        super(shell, kind);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        DocumentFile document = DocumentFile.read(shell(), file);
        try {
            client.ask(
                    "PUT", path(access), document.json(), JsonNode.class, seen.headers(), ServiceClient.ANSWER_TIMEOUT);
            return 0;
        } catch (ServiceRefusal refusal) {
            throw refusal.in(document);
        }
    }
}
