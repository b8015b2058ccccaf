package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyRegistration;
import io.keysweep.api.AccessKeyView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.YesOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep access-keys}, which manages the access keys of a project. An access key, an id with a
 * secret, signs the requests to a service.
 */
@Command(
        name = "access-keys",
        description = "Lists, creates, changes, rotates and withdraws the access keys of a project.")
public final class AccessKeysCommand extends CommandGroup {

    private AccessKeysCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new AccessKeysCommand(context)
                .with(
                        new ListKeys(context),
                        new Create(context),
                        new AccessKeyChangeCommands.Update(context),
                        new AccessKeyChangeCommands.Disable(context),
                        new AccessKeyChangeCommands.Enable(context),
                        new AccessKeyChangeCommands.Rotate(context),
                        new Withdraw(context));
    }

    /** Returns the line that shows an access key without its secret. */
    static String line(AccessKeyView key) {
        return key.accessKey() + "  " + ProjectTable.rights(key)
                + (key.userId() == null ? "" : "  of " + key.userId()) + "  since " + key.createdAt()
                + (key.expiresAt() == null ? "" : "  until " + key.expiresAt())
                + (key.state().equals("enabled") ? "" : "  " + ProjectTable.state(key));
    }

    /** Returns the lines that show a new access key with its secret, which no later command shows. */
    static List<String> createdLines(AccessKeyView key) {
        return List.of(line(key), "  secret key, shown only now  " + key.secretKey());
    }

    /** Implements {@code keysweep access-keys list}. */
    @Command(name = "list", description = "Lists the access keys of a project, without their secrets.")
    static final class ListKeys extends AccessKeyCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListKeys(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = projectId(client, access);
            List<AccessKeyView> keys = new ProjectCalls(client).keys(id);
            // The names of instances cost another request, which most keys do not need.
            boolean needsNames = output.needsCells() && keys.stream().anyMatch(key -> key.instances() != null);
            output.writeList(
                    context(), keys, ProjectTable.keys(needsNames ? new IdResolver(client).instanceNames() : Map.of()));
        }
    }

    /** Implements {@code keysweep access-keys create}. */
    @Command(
            name = "create",
            description = {
                "Creates an access key and shows its secret once. Give at least one of --action, --policy and --user.",
                "A key with an owner never allows more than the owner may do, and becomes invalid when the owner is"
                        + " removed."
            })
    static final class Create extends AccessKeyCommand {

        @Option(
                names = "--action",
                paramLabel = "ACTION",
                split = ",",
                description = "action that the key allows, such as dcs:instance:analyze; * allows all. Separate several"
                        + " with commas. You can only give actions that your own key allows")
        private @Nullable List<String> actions;

        @Option(
                names = "--policy",
                paramLabel = "POLICY",
                split = ",",
                description =
                        "policy of the key: viewer, operator, administrator, or one of the project. Separate several"
                                + " with commas. You can only give what your own key allows")
        private @Nullable List<String> policies;

        @Option(
                names = "--user",
                paramLabel = "NAME",
                description = "user of the project who owns the key. Without --action and --policy, the key allows what"
                        + " the user may do")
        private @Nullable String user;

        @Option(
                names = "--expires-at",
                paramLabel = "TIME",
                description = "when the key expires, a time in the future such as 2027-01-31T12:00:00Z. Default: never")
        private @Nullable Instant expiresAt;

        @Mixin
        private NarrowingOptions narrowing = new NarrowingOptions();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Create(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            requireRights();
            requireFutureEnd();
            String id = projectId(client, access);
            AccessKeyRegistration registration = new AccessKeyRegistration(
                    user, actions, policies, narrowing.instanceIds(client), narrowing.tags(), expiresAt);
            output.writeOne(
                    context(),
                    new ProjectCalls(client).createKey(id, registration),
                    ProjectTable.CREATED_KEY,
                    AccessKeysCommand::createdLines);
        }

        /** Refuses a key that would allow nothing. The service would name its fields instead of the options. */
        private void requireRights() {
            if (actions == null && policies == null && user == null) {
                throw new CommandFailure(ExitCode.USAGE, "give at least one of --action, --policy and --user");
            }
        }

        /** Refuses a past time. The service would accept it, but no request with the key would ever be accepted. */
        private void requireFutureEnd() {
            Instant end = expiresAt;
            if (end != null && !end.isAfter(context().clock().instant())) {
                throw new CommandFailure(ExitCode.USAGE, "--expires-at is '" + end + "', must be a time in the future");
            }
        }
    }

    /** Implements {@code keysweep access-keys withdraw}. */
    @Command(
            name = "withdraw",
            description = {
                "Withdraws an access key, after asking you. The key can no longer sign requests, and its tokens become"
                        + " invalid.",
                "If there is no terminal, --yes is required."
            })
    static final class Withdraw extends AccessKeyCommand {

        @Parameters(paramLabel = "AK", description = "id of the access key")
        private String accessKey = "";

        @Mixin
        private YesOption yes = new YesOption();

        private Withdraw(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String project = projectId(client, access);
            yes.confirm(context(), "Withdraw access key '" + accessKey + "'?");
            new ProjectCalls(client).withdrawKey(project, accessKey);
        }
    }
}
