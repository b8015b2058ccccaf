package io.keysweep.cli.service;

import io.keysweep.api.UserView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.YesOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep users}, which manages the users of a project: people who sign in with a name and a
 * password.
 */
@Command(name = "users", description = "Lists, creates, changes and removes the users of a project.")
public final class UsersCommand extends CommandGroup {

    private static final Table<UserView> USERS = users(Map.of());

    private static final String NAME_HELP = "name of the user, see 'keysweep users list'";

    private UsersCommand(CommandContext context) {
        super(context);
    }

    /** Returns the table of users, with the names of instances whose ids are in the map. */
    private static Table<UserView> users(Map<String, String> instanceNames) {
        return Table.of(
                        "The project has no users. Create one with 'keysweep users create NAME --policy viewer'.",
                        /* name= */ UserView::name,
                        /* id= */ UserView::name)
                .column("NAME", UserView::name)
                .column("RIGHTS", user -> rights(user, instanceNames))
                .column("CREATED", UserView::createdAt)
                .column("LAST USED", UserView::lastUsedAt)
                .column("STATE", user -> user.disabledAt() == null ? "enabled" : "disabled")
                .wide("PROJECT ID", UserView::projectId);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new UsersCommand(context)
                .with(
                        new ListUsers(context),
                        new Create(context),
                        new Update(context),
                        new SetPassword(context),
                        new ChangePasswordCommand(context),
                        new Disable(context),
                        new Enable(context),
                        new Remove(context));
    }

    private static String rights(UserView user, Map<String, String> instanceNames) {
        return String.join(" ", user.policies())
                + IdResolver.onInstances(user.instances(), instanceNames)
                + (user.tags() == null ? "" : " on instances with " + user.tags());
    }

    private static List<String> lines(UserView user) {
        return List.of(user.name() + "  " + rights(user, Map.of()) + (user.disabledAt() == null ? "" : "  disabled"));
    }

    /** Returns the path of the users of a project in the API. */
    static String path(String projectId) {
        return "/api/v1/projects/" + ServiceClient.segment(projectId) + "/users";
    }

    /** Implements {@code keysweep users list}. */
    @Command(name = "list", description = "Lists the users of a project.")
    static final class ListUsers extends ProjectOwnedCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ListUsers(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            UserView[] users = client.get(path(projectId(client, access)), UserView[].class);
            // The names of instances cost another request, which most users do not need.
            boolean needsNames = output.needsCells() && Stream.of(users).anyMatch(user -> user.instances() != null);
            output.writeList(
                    context(), List.of(users), users(needsNames ? new IdResolver(client).instanceNames() : Map.of()));
        }
    }

    /** Implements {@code keysweep users create}. */
    @Command(
            name = "create",
            description = {
                "Creates a user, who can sign in to the console and request tokens.",
                "Asks for the password, or reads it from a file or standard input."
            })
    static final class Create extends ProjectOwnedCommand {

        @Parameters(paramLabel = "NAME", description = "name of the user, unique in the service")
        private String name = "";

        @Option(
                names = "--policy",
                paramLabel = "POLICY",
                split = ",",
                description = "policy of the user: viewer, operator, administrator, or one of the project. Separate"
                        + " several with commas. You can only give what your own key allows")
        private @Nullable List<String> policies;

        @Mixin
        private PasswordSource password = new PasswordSource();

        @Mixin
        private NarrowingOptions narrowing = new NarrowingOptions();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Create(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            Map<String, @Nullable Object> user = new LinkedHashMap<>();
            user.put("name", name);
            user.put("policies", policies);
            user.put("instances", narrowing.instanceIds(client));
            user.put("tags", narrowing.tags());
            String path = path(projectId(client, access));
            user.put("password", password.read(context(), name));
            output.writeOne(context(), client.call("POST", path, user, UserView.class), USERS, UsersCommand::lines);
        }
    }

    /** Shares the argument NAME and the output between the subcommands that change fields of an existing user. */
    abstract static class UserChangeCommand extends ProjectOwnedCommand {

        @Parameters(paramLabel = "NAME", description = NAME_HELP)
        private String name = "";

        @Mixin
        private EntryOutput output = new EntryOutput();

        private UserChangeCommand(CommandContext context) {
            super(context);
        }

        /** Returns the fields of the change. */
        abstract Map<String, @Nullable Object> change(ServiceClient client, String user) throws InterruptedException;

        @Override
        final void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String path = path(projectId(client, access)) + "/" + ServiceClient.segment(name);
            UserView changedUser = client.call("PATCH", path, change(client, name), UserView.class);
            output.writeOne(context(), changedUser, USERS, UsersCommand::lines);
        }
    }

    /** Implements {@code keysweep users update}. */
    @Command(
            name = "update",
            description =
                    "Changes the policies or instances of a user. Settings that you do not give stay as they" + " are.")
    static final class Update extends UserChangeCommand {

        @Option(
                names = "--policy",
                paramLabel = "POLICY",
                split = ",",
                description = "the new policies, instead of the present ones. Separate several with commas")
        private @Nullable List<String> policies;

        @Mixin
        private NarrowingChangeOptions narrowing = new NarrowingChangeOptions();

        private Update(CommandContext context) {
            super(context);
        }

        @Override
        Map<String, @Nullable Object> change(ServiceClient client, String user) throws InterruptedException {
            Map<String, @Nullable Object> change = new LinkedHashMap<>();
            if (policies != null) {
                change.put("policies", policies);
            }
            narrowing.putInto(change, client);
            if (change.isEmpty()) {
                throw new CommandFailure(
                        ExitCode.USAGE, "give what to change: --policy, --instance, --tag or --all-instances");
            }
            return change;
        }
    }

    /** Implements {@code keysweep users set-password}. */
    @Command(
            name = "set-password",
            description = {
                "Gives a user another password, which ends all sessions and tokens of the user.",
                "Asks for the password, or reads it from a file or standard input."
            })
    static final class SetPassword extends UserChangeCommand {

        @Mixin
        private PasswordSource password = new PasswordSource();

        private SetPassword(CommandContext context) {
            super(context);
        }

        @Override
        Map<String, @Nullable Object> change(ServiceClient client, String user) {
            return Map.of("password", password.read(context(), user));
        }
    }

    /** Implements {@code keysweep users disable}. */
    @Command(name = "disable", description = "Disables a user, which ends all sessions and tokens of the user.")
    static final class Disable extends UserChangeCommand {

        private Disable(CommandContext context) {
            super(context);
        }

        @Override
        Map<String, @Nullable Object> change(ServiceClient client, String user) {
            return Map.of("disabled", true);
        }
    }

    /** Implements {@code keysweep users enable}. */
    @Command(name = "enable", description = "Enables a user who was disabled. The user must sign in again.")
    static final class Enable extends UserChangeCommand {

        private Enable(CommandContext context) {
            super(context);
        }

        @Override
        Map<String, @Nullable Object> change(ServiceClient client, String user) {
            return Map.of("disabled", false);
        }
    }

    /** Implements {@code keysweep users remove}. */
    @Command(
            name = "remove",
            description = {
                "Removes a user, after asking you, which ends all sessions and tokens of the user.",
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
            String project = projectId(client, access);
            yes.confirm(context(), "Remove user '" + name + "'?");
            client.delete(path(project) + "/" + ServiceClient.segment(name));
        }
    }
}
