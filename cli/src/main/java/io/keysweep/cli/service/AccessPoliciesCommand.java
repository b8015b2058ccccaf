package io.keysweep.cli.service;

import io.keysweep.api.AccessPolicyView;
import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.YesOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep policies}, which manages the access policies of a project: named rules for what access
 * keys may do.
 */
@Command(
        name = "policies",
        description = {
            "Lists, shows, sets and deletes the access policies of a project.",
            "An access policy says what access keys may do, and on which instances."
        })
public final class AccessPoliciesCommand extends CommandGroup {

    private static final Table<AccessPolicyView> POLICIES = policies(Map.of());

    /** Returns the table of access policies, with the names of instances whose ids are in the map. */
    private static Table<AccessPolicyView> policies(Map<String, String> instanceNames) {
        return Table.of("There are no policies.", /* name= */ AccessPolicyView::name, /* id= */ AccessPolicyView::name)
                .column("NAME", AccessPolicyView::name)
                .column("BUILT-IN", AccessPolicyView::builtIn)
                .column("VERSION", AccessPolicyView::version)
                .column(
                        "STATEMENTS",
                        policy -> policy.statements().stream()
                                .map(statement -> line(statement, instanceNames))
                                .toList())
                .wide("CHANGED", AccessPolicyView::updatedAt)
                .wide("BY", AccessPolicyView::updatedBy);
    }

    private static final String NAME_HELP = "name of the policy, see 'keysweep policies list'";

    private AccessPoliciesCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new AccessPoliciesCommand(context)
                .with(new ListPolicies(context), new Get(context), new Set(context), new Remove(context));
    }

    private static String line(AccessPolicyView.Statement statement, Map<String, String> instanceNames) {
        return statement.effect() + " " + String.join(" ", statement.actions())
                + IdResolver.onInstances(statement.instances(), instanceNames)
                + (statement.tags() == null ? "" : " on instances with " + statement.tags());
    }

    private static List<String> lines(AccessPolicyView policy) {
        return lines(policy, Map.of());
    }

    private static List<String> lines(AccessPolicyView policy, Map<String, String> instanceNames) {
        List<String> lines = new ArrayList<>();
        lines.add(policy.name() + "  " + (policy.builtIn() ? "built-in" : "version " + policy.version()));
        policy.statements().forEach(statement -> lines.add("  " + line(statement, instanceNames)));
        return lines;
    }

    /** Returns the path of the access policies of a project in the API. */
    static String path(String projectId) {
        return "/api/v1/projects/" + ServiceClient.segment(projectId) + "/access-policies";
    }

    private static String path(String projectId, String name) {
        return path(projectId) + "/" + ServiceClient.segment(name);
    }

    /**
     * Returns the names of instances by their ids if the output shows them. They cost another request, which most
     * policies do not need.
     */
    private static Map<String, String> instanceNames(
            ServiceClient client, EntryOutput output, List<AccessPolicyView> policies) throws InterruptedException {
        boolean needsNames = output.needsCells()
                && policies.stream()
                        .flatMap(policy -> policy.statements().stream())
                        .anyMatch(statement -> statement.instances() != null);
        return needsNames ? new IdResolver(client).instanceNames() : Map.of();
    }

    /** Implements {@code keysweep policies list}. */
    @Command(name = "list", description = "Lists the built-in roles and the access policies of a project.")
    static final class ListPolicies extends ProjectOwnedCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListPolicies(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            List<AccessPolicyView> policies =
                    List.of(client.get(path(projectId(client, access)), AccessPolicyView[].class));
            output.writeList(context(), policies, policies(instanceNames(client, output, policies)));
        }
    }

    /** Implements {@code keysweep policies get}. */
    @Command(name = "get", description = "Shows a built-in role or an access policy.")
    static final class Get extends ProjectOwnedCommand {

        @Parameters(paramLabel = "NAME", description = NAME_HELP)
        private String name = "";

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Get(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            AccessPolicyView policy = client.get(path(projectId(client, access), name), AccessPolicyView.class);
            Map<String, String> names = instanceNames(client, output, List.of(policy));
            output.writeOne(context(), policy, policies(names), row -> lines(row, names));
        }
    }

    /** Implements {@code keysweep policies set}. */
    @Command(name = "set", description = "Creates an access policy, or replaces its statements.")
    static final class Set extends ProjectOwnedCommand {

        @Parameters(index = "0", paramLabel = "NAME", description = "name of the policy")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "FILE",
                arity = "0..1",
                defaultValue = DocumentFile.STANDARD_INPUT,
                description = "the whole document, YAML or JSON; its lists of instances can have names or ids. Default:"
                        + " standard input")
        private String file = DocumentFile.STANDARD_INPUT;

        @Mixin
        private IfVersionOption condition = new IfVersionOption();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Set(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            DocumentFile document = DocumentFile.read(context(), file);
            try {
                AccessPolicyView set = client.call(
                        "PUT",
                        path(projectId(client, access), name),
                        AccessPolicyDocument.withIds(document.json(), new IdResolver(client)),
                        AccessPolicyView.class,
                        condition.headers());
                output.writeOne(context(), set, POLICIES, AccessPoliciesCommand::lines);
            } catch (ServiceRefusal refusal) {
                // The user sees the lines of the file that the service refuses.
                throw refusal.in(document);
            }
        }
    }

    /** Implements {@code keysweep policies remove}. */
    @Command(
            name = "remove",
            aliases = "delete",
            description = {
                "Removes an access policy that no access key has, after asking you.",
                "If there is no terminal, --yes is required."
            })
    static final class Remove extends ProjectOwnedCommand {

        @Parameters(paramLabel = "NAME", description = NAME_HELP)
        private String name = "";

        @Mixin
        private YesOption yes = new YesOption();

        private Remove(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String path = path(projectId(client, access), name);
            yes.confirm(context(), "Remove policy '" + name + "'?");
            client.delete(path);
        }
    }
}
