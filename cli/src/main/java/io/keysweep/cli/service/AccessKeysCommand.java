package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import java.util.List;
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
@Command(name = "access-keys", description = "Lists, creates and withdraws the access keys of a project.")
public final class AccessKeysCommand extends CommandGroup {

    private AccessKeysCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new AccessKeysCommand(context).with(new ListKeys(context), new Create(context), new Withdraw(context));
    }

    private static String line(AccessKeyView key) {
        return key.accessKey() + "  " + String.join(" ", key.actions()) + "  since " + key.createdAt();
    }

    /** Returns the lines that show a new access key with its secret, which no later command shows. */
    private static List<String> createdLines(AccessKeyView key) {
        return List.of(line(key), "  secret key, shown only now  " + key.secretKey());
    }

    /** Is the base of the subcommands, and adds the option {@code --project} to them. */
    abstract static class KeyCommand extends ServiceCommand {

        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                description =
                        "name or id of the keys' project. Default: the project of the access key that you call with. Another"
                                + " project needs the action keysweep:project:manage")
        private @Nullable String project;

        private KeyCommand(CommandContext context) {
            super(context);
        }

        /**
         * Returns the id of the project that the user has named, or else the id of the caller's own project. Only a
         * name makes it ask the service.
         */
        final String projectId(ServiceClient client, ServiceAccess access) throws InterruptedException {
            return project == null ? access.projectId() : new Names(client).project(project);
        }
    }

    /** Implements {@code keysweep access-keys list}. */
    @Command(name = "list", description = "Lists the access keys of a project, without their secrets.")
    static final class ListKeys extends KeyCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListKeys(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = projectId(client, access);
            output.writeList(context(), new ProjectCalls(client).keys(id), ProjectTable.KEYS);
        }
    }

    /** Implements {@code keysweep access-keys create}. */
    @Command(name = "create", description = "Creates an access key and shows its secret once.")
    static final class Create extends KeyCommand {

        @Option(
                names = "--action",
                paramLabel = "ACTION",
                split = ",",
                required = true,
                description = "action that the key allows, such as dcs:instance:analyze; * allows all. Separate several"
                        + " with commas. You can only give actions that your own key allows")
        private List<String> actions = List.of();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Create(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = projectId(client, access);
            output.writeOne(
                    context(),
                    new ProjectCalls(client).createKey(id, actions),
                    ProjectTable.CREATED_KEY,
                    AccessKeysCommand::createdLines);
        }
    }

    /** Implements {@code keysweep access-keys withdraw}. */
    @Command(
            name = "withdraw",
            description =
                    "Withdraws an access key. The key can no longer sign requests, and its tokens become invalid.")
    static final class Withdraw extends KeyCommand {

        @Parameters(paramLabel = "AK", description = "id of the access key")
        private String accessKey = "";

        private Withdraw(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            new ProjectCalls(client).withdrawKey(projectId(client, access), accessKey);
        }
    }
}
