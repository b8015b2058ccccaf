package io.keysweep.cli.service;

import io.keysweep.cli.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code get}: the document on standard output, as {@code set} takes it, and whose it is on standard error. */
@Command(name = "get")
final class PolicyGetCommand extends PolicyCommand {

    @Option(names = "--json", description = "write the whole answer as JSON, not the document alone")
    private boolean json;

    PolicyGetCommand(Shell shell, PolicyKind kind) {
        super(shell, kind);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        JsonNode view = client.ask("GET", path(access), null, JsonNode.class);
        if (json) {
            shell().out().println(view);
            return 0;
        }
        shell().err().println(String.join(", ", about(view)));
        JsonNode document = view.path("document");
        shell().out()
                .println(JsonMapper.builder()
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(
                                document.isMissingNode()
                                        ? JsonMapper.builder().build().createObjectNode()
                                        : document));
        return 0;
    }

    private static List<String> about(JsonNode view) {
        List<String> about = new ArrayList<>();
        for (String name : List.of("source", "open", "nextChange", "running", "waiting", "setBy", "setAt")) {
            JsonNode value = view.path(name);
            if (!value.isMissingNode() && !value.isNull()) {
                about.add(name + " " + (value.isString() ? value.stringValue() : value.toString()));
            }
        }
        return about;
    }
}
