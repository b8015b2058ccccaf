package io.keysweep.cli.service;

import io.keysweep.api.FleetResult;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.document.SecretReferences;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.YesOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Implements {@code keysweep instances apply}, which adds and changes instances (registered servers) of a project to
 * match a file. With {@code --prune} it removes instances that the file does not name.
 *
 * <p>The file can name secrets by references to environment variables and files of the user. This command replaces the
 * references before it sends the document, because the service cannot read them.
 */
@Command(
        name = "apply",
        description = {
            "Changes the project's instances to what a YAML or JSON file describes. If anything in it is wrong, nothing changes.",
            "Applying the same file again changes nothing. A secret can be a reference: password: {env: VARIABLE} or {file: PATH}.",
            "Such a file must be below the folder of the document, and the name of a variable must begin with KEYSWEEP_FLEET_."
        })
final class InstancesApplyCommand extends ServiceCommand {

    /** Fields of an instance whose value can be a reference to a secret. */
    private static final List<String> SECRET_FIELDS =
            List.of("password", "sentinelPassword", "tlsCa", "tlsCertificate", "tlsKey");

    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}");

    @Parameters(paramLabel = "FILE", description = "file to read; - is standard input")
    private String file = "";

    @Option(names = "--dry-run", description = "only show what would change, and which secrets the file uses")
    private boolean dryRun;

    @Option(
            names = "--prune",
            description = "remove instances that the file does not name, together with their scans, after asking you."
                    + " If there is no terminal, --yes is required")
    private boolean prune;

    @Option(
            names = "--allow-env",
            paramLabel = "PREFIX",
            description = "let the file use variables whose names begin with PREFIX; repeatable. Those that begin with"
                    + " KEYSWEEP_FLEET_ are always allowed, the other variables of Keysweep never")
    private List<String> allowedPrefixes = new ArrayList<>();

    @Mixin
    private YesOption yes = new YesOption();

    @Mixin
    private ResultOutput output = new ResultOutput();

    InstancesApplyCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        // An empty prefix would allow the file to read, and send to the service, every variable of the user.
        if (allowedPrefixes.stream().anyMatch(String::isBlank)) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--allow-env is empty, must be the beginning of names of variables, such as TEAM_");
        }
        DocumentFile document = DocumentFile.read(context(), file);
        List<String> secretLines = resolveSecrets(document);
        try {
            InstanceCalls calls = new InstanceCalls(client);
            if (prune && !dryRun && !yes.isGiven()) {
                confirmRemovals(calls.apply(document.json(), /* dryRun= */ true, prune));
            }
            FleetResult result = calls.apply(document.json(), dryRun, prune);
            output.write(
                    context(),
                    () -> {
                        // Standard output holds the JSON alone.
                        secretLines.forEach(context().err()::println);
                        return result;
                    },
                    () -> Stream.concat(lines(result).stream(), secretLines.stream())
                            .toList());
        } catch (ServiceRefusal refusal) {
            // The user sees the lines of the file that the service refuses.
            throw refusal.in(document);
        }
    }

    /** Asks whether the instances that a dry run would remove may be removed; asks nothing if there are none. */
    private void confirmRemovals(FleetResult result) {
        List<String> removed = result.changes().stream()
                .filter(change -> change.action().equals("removed"))
                .map(FleetResult.Change::name)
                .toList();
        if (!removed.isEmpty()) {
            yes.confirm(
                    context(),
                    "Remove " + Amounts.count(removed.size(), "instance") + " (" + String.join(", ", removed)
                            + ") and the record of their scans?");
        }
    }

    /**
     * Replaces the references to secrets in the document by the secrets.
     *
     * @return in a dry run one line for each reference, without control characters and without the secret; otherwise no
     *     line
     * @throws CommandFailure if a reference is not valid or not allowed; the message names all of them
     */
    private List<String> resolveSecrets(DocumentFile document) {
        List<String> problems = new ArrayList<>();
        SecretReferences references = new SecretReferences(document, context(), allowedPrefixes);
        // The index also counts a faulty entry, because paths such as instances[2] name the place in the document.
        int index = 0;
        for (JsonNode entry : document.json().path("instances").values()) {
            if (entry instanceof ObjectNode instance) {
                String path = "instances[" + index + "]";
                String name = instance.path("name").asString(path);
                references.resolve(instance, name, path, SECRET_FIELDS, problems::add);
            }
            index++;
        }
        if (!problems.isEmpty()) {
            throw DocumentFile.refusal(problems);
        }
        return dryRun
                ? references.uses().stream()
                        .map(use ->
                                "secret    " + CONTROL_CHARACTERS.matcher(use).replaceAll("?"))
                        .toList()
                : List.of();
    }

    /** Returns one line for each instance, also for unchanged ones, and the number of changes. */
    private static List<String> lines(FleetResult result) {
        List<String> lines = new ArrayList<>();
        int changes = 0;
        for (FleetResult.Change change : result.changes()) {
            boolean isUnchanged =
                    change.action().equals("unchanged") || change.action().equals("unmanaged");
            changes += isUnchanged ? 0 : 1;
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
