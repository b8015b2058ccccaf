package io.keysweep.cli.service;

import io.keysweep.api.FleetResult;
import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.document.SecretReferences;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ResultOutput;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Implements {@code keysweep instances apply}, which adds and changes instances of a project to match a file. With
 * {@code --prune} it removes instances that the file does not name.
 */
@Command(
        name = "apply",
        description = {
            "Changes the project's instances to what a YAML or JSON file describes. If anything in it is wrong, nothing changes.",
            "Applying the same file again changes nothing. A secret can be a reference: password: {env: VARIABLE} or {file: PATH}."
        })
final class InstancesApplyCommand extends ServiceCommand {

    private static final List<String> SECRET_FIELDS =
            List.of("password", "sentinelPassword", "tlsCa", "tlsCertificate", "tlsKey");

    @Parameters(paramLabel = "FILE", description = "file to read; - is standard input")
    private String file = "";

    @Option(names = "--dry-run", description = "only show what would change")
    private boolean dryRun;

    @Option(names = "--prune", description = "remove instances that the file does not name, together with their scans")
    private boolean prune;

    @Mixin
    private ResultOutput output = new ResultOutput();

    InstancesApplyCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        DocumentFile document = DocumentFile.read(context(), file);
        resolveSecrets(document);
        try {
            output.write(
                    context(),
                    new InstanceCalls(client).apply(document.json(), dryRun, prune),
                    InstancesApplyCommand::lines);
        } catch (ServiceRefusal refusal) {
            throw refusal.in(document);
        }
    }

    private void resolveSecrets(DocumentFile document) {
        List<String> problems = new ArrayList<>();
        SecretReferences references = new SecretReferences(document, context());
        // The index counts every entry, also a faulty one, because paths such as instances[2] name the place in the
        // document.
        int index = 0;
        for (JsonNode entry : document.json().path("instances").values()) {
            if (entry instanceof ObjectNode instance) {
                references.resolve(instance, "instances[" + index + "]", SECRET_FIELDS, problems::add);
            }
            index++;
        }
        if (!problems.isEmpty()) {
            throw DocumentFile.refused(problems);
        }
    }

    private static List<String> lines(FleetResult result) {
        List<String> lines = new ArrayList<>();
        int changes = 0;
        for (FleetResult.Change change : result.changes()) {
            boolean same =
                    change.action().equals("unchanged") || change.action().equals("unmanaged");
            changes += same ? 0 : 1;
            lines.add(String.format("%-10s", change.action())
                    + change.name()
                    + (change.fields().isEmpty() ? "" : ": " + String.join(", ", change.fields())));
        }
        lines.add(
                result.dryRun()
                        ? "A dry run: " + changes + " of " + result.changes().size() + " would change."
                        : changes + " of " + result.changes().size() + " changed.");
        return lines;
    }
}
