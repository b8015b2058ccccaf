package io.keysweep.cli.service;

import io.keysweep.cli.document.DocumentFile;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExclusiveOptions;
import io.keysweep.cli.shell.YesOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/**
 * Implements {@code keysweep windows}, {@code start-policies}, {@code budgets} and {@code ceilings}, which are the same
 * commands for four kinds of policies. Each has the subcommands {@code get}, {@code set} and {@code remove}.
 *
 * <p>A policy is a document of settings. A project sets it as the default for its instances; an instance can set its
 * own instead.
 */
public final class PolicyCommands extends CommandGroup {

    private PolicyCommands(CommandContext context) {
        super(context);
    }

    /** Returns what creates each of the four commands, by the name of the command. */
    public static Map<String, Function<CommandContext, CommandLine>> all() {
        Map<String, Function<CommandContext, CommandLine>> creators = new LinkedHashMap<>();
        for (PolicyType type : PolicyType.values()) {
            creators.put(type.command(), context -> withSubcommands(type, context));
        }
        return creators;
    }

    /** Creates the command for one type of policy. */
    static CommandLine withSubcommands(PolicyType type, CommandContext context) {
        CommandLine commands = new PolicyCommands(context)
                .with(
                        subcommand("Shows", type, new Get(context, type)),
                        subcommand("Sets", type, new Set(context, type)),
                        subcommand(
                                "Removes the policy for",
                                type,
                                new Remove(context, type),
                                "Asks you first. If there is no terminal, --yes is required."));
        commands.getCommandSpec()
                .usageMessage()
                .description("Shows, sets and removes " + type.meaning() + owners(type));
        return commands;
    }

    /** Returns the end of the description, which says who can have such a policy. */
    private static String owners(PolicyType type) {
        return switch (type) {
            case WINDOWS, START_POLICY -> ": the default of a project, or the exception of an instance.";
            case BUDGET -> ".";
            case CEILINGS -> ": for a project and its tags, or for an instance. The tightest value counts.";
        };
    }

    /** Creates a subcommand whose description is the verb, followed by the subject of the policy and other lines. */
    private static CommandLine subcommand(String verb, PolicyType type, PolicyCommand command, String... otherLines) {
        CommandLine line = new CommandLine(command);
        CommandSpec spec = line.getCommandSpec();
        if (type == PolicyType.BUDGET) {
            // Only a project can have a budget.
            spec.remove(spec.findOption("--instance"));
        }
        spec.usageMessage()
                .description(Stream.concat(Stream.of(verb + " " + type.meaning() + "."), Stream.of(otherLines))
                        .toArray(String[]::new));
        return line;
    }

    /** Shares the options that name the owner of a policy, a project or an instance, between the subcommands. */
    abstract static class PolicyCommand extends ServiceCommand {

        private final PolicyType type;

        @Option(
                names = "--instance",
                paramLabel = "INSTANCE",
                description = "name or id of the instance whose policy it is. Default: the policy of the project")
        private @Nullable String instance;

        @Option(
                names = "--of-project",
                paramLabel = "PROJECT",
                description = "name or id of the project whose policy it is. Default: the project of the access key")
        private @Nullable String project;

        private PolicyCommand(CommandContext context, PolicyType type) {
            super(context);
            this.type = type;
        }

        /**
         * Returns the id of the owner: the instance if the user has named one, otherwise the project. Asks the service
         * for the id of an owner that the user has named.
         *
         * @throws io.keysweep.cli.shell.CommandFailure if the user has named both a project and an instance, or one
         *     that does not exist
         */
        final String ownerId(ServiceClient client, ServiceAccess access) throws InterruptedException {
            ExclusiveOptions.refuseBoth("--instance", instance != null, "--of-project", project != null);
            IdResolver resolver = new IdResolver(client);
            if (instance != null) {
                return resolver.instanceId(instance);
            }
            return project == null ? access.projectId() : resolver.projectId(project);
        }

        final PolicyType type() {
            return type;
        }

        /** Returns the name of the owner; its id if the access key is not allowed to list projects or instances. */
        final String ownerName(ServiceClient client, String ownerId) throws InterruptedException {
            IdResolver resolver = new IdResolver(client);
            Map<String, String> names = instance == null ? resolver.projectNames() : resolver.instanceNames();
            return names.getOrDefault(ownerId, ownerId);
        }

        /** Returns the policy in words, such as {@code the budget of project 'team'}. */
        final String policyName() {
            if (instance != null) {
                return type.noun() + " of instance '" + instance + "'";
            }
            return type.noun() + " of " + (project == null ? "the project" : "project '" + project + "'");
        }

        /** Returns the path of the policy in the API. */
        final String path(String ownerId) {
            return type.path(ownerId, instance != null);
        }

        /**
         * Returns the path of the policy in the API. Asks the service for the id of the owner, see {@link #ownerId}.
         */
        final String path(ServiceClient client, ServiceAccess access) throws InterruptedException {
            return path(ownerId(client, access));
        }
    }

    /**
     * Implements {@code get}. It writes the document to standard output, in the form that {@code set} reads, and the
     * owner to standard error. With {@code --output}, it writes the whole answer.
     */
    @Command(name = "get")
    static final class Get extends PolicyCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Get(CommandContext context, PolicyType type) {
            super(context, type);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String ownerId = ownerId(client, access);
            JsonNode policy = PolicyText.requirePolicy(client, client.get(path(ownerId), JsonNode.class));
            if (output.isDefault()) {
                context().err().println(PolicyText.summary(type(), policy));
                context().out().println(PolicyText.document(policy));
            } else {
                String name = output.isName() ? ownerName(client, ownerId) : ownerId;
                PolicyText.write(context(), type(), policy, name, ownerId, output);
            }
        }
    }

    /** Implements {@code set}, which replaces the whole policy document. */
    @Command(name = "set")
    static final class Set extends PolicyCommand {

        @Parameters(
                paramLabel = "FILE",
                arity = "0..1",
                defaultValue = DocumentFile.STANDARD_INPUT,
                description = "the whole document, YAML or JSON. Default: standard input")
        private String file = DocumentFile.STANDARD_INPUT;

        @Mixin
        private IfVersionOption condition = new IfVersionOption();

        private Set(CommandContext context, PolicyType type) {
            super(context, type);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            DocumentFile document = DocumentFile.read(context(), file);
            try {
                PolicyText.requirePolicy(
                        client,
                        client.call("PUT", path(client, access), document.json(), JsonNode.class, condition.headers()));
            } catch (ServiceRefusal refusal) {
                // The user sees the lines of the file that the service refuses.
                throw refusal.in(document);
            }
        }
    }

    /** Implements {@code remove}. An instance without a policy of its own follows the default of its project. */
    @Command(name = "remove")
    static final class Remove extends PolicyCommand {

        @Mixin
        private IfVersionOption condition = new IfVersionOption();

        @Mixin
        private YesOption yes = new YesOption();

        private Remove(CommandContext context, PolicyType type) {
            super(context, type);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String path = path(client, access);
            yes.confirm(context(), "Remove " + policyName() + "?");
            client.delete(path, condition.headers());
        }
    }
}
