package io.keysweep.cli.service;

import io.keysweep.api.FleetResult;
import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.document.SecretReferences;
import io.keysweep.cli.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code keysweep instances apply FILE}. */
@Command(
        name = "apply",
        description = {
            "Brings the project's instances to what a file of YAML or JSON says: all of it, or nothing if anything is wrong.",
            "Applied again, it changes nothing. Secrets may stand elsewhere: password: {env: VARIABLE} or {file: PATH}."
        })
final class InstancesApplyCommand extends ServiceCommand {

    private static final List<String> REFERABLE =
            List.of("password", "sentinelPassword", "tlsCa", "tlsCertificate", "tlsKey");

    @Parameters(paramLabel = "FILE", description = "the file; - is standard input")
    private String file = "";

    @Option(names = "--dry-run", description = "only say what would change")
    private boolean dryRun;

    @Option(names = "--prune", description = "remove the instances that the file does not name, their scans included")
    private boolean prune;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    InstancesApplyCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        DocumentFile document = DocumentFile.read(shell(), file);
        resolveSecrets(document);
        try {
            output.write(
                    shell(),
                    new InstanceCalls(client).apply(document.json(), dryRun, prune),
                    InstancesApplyCommand::lines);
            return 0;
        } catch (ServiceRefusal refusal) {
            throw refusal.in(document);
        }
    }

    private void resolveSecrets(DocumentFile document) {
        List<String> problems = new ArrayList<>();
        SecretReferences references = new SecretReferences(document, shell());
        int index = 0;
        for (JsonNode entry : document.json().path("instances").values()) {
            if (entry instanceof ObjectNode instance) {
                references.resolve(instance, "instances[" + index + "]", REFERABLE, problems::add);
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
