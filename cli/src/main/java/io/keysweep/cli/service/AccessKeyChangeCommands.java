package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds the subcommands of {@code keysweep access-keys} that change an existing key. */
final class AccessKeyChangeCommands {

    private AccessKeyChangeCommands() {}

    /**
     * Shares the id of the key, the request and the output between {@code update}, {@code disable} and {@code enable}.
     */
    abstract static class ChangeCommand extends AccessKeyCommand {

        @Parameters(paramLabel = "AK", description = "id of the access key, see 'keysweep access-keys list'")
        private String accessKey = "";

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ChangeCommand(CommandContext context) {
            super(context);
        }

        /** Returns the fields of the request body: the settings to change, with their new values. */
        abstract Map<String, @Nullable Object> change(ServiceClient client) throws InterruptedException;

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            AccessKeyView changedKey =
                    new ProjectCalls(client).changeKey(projectId(client, access), accessKey, change(client));
            output.writeOne(context(), changedKey, ProjectTable.KEYS, key -> List.of(AccessKeysCommand.line(key)));
        }
    }

    /** Implements {@code keysweep access-keys update}. */
    @Command(
            name = "update",
            description = "Changes the policies, instances or expiry of an access key. Settings that you do not give"
                    + " stay as they are.")
    static final class Update extends ChangeCommand {

        @Option(
                names = "--policy",
                paramLabel = "POLICY",
                split = ",",
                description = "the new policies, instead of the present ones. Separate several with commas; an empty"
                        + " text removes all")
        private @Nullable List<String> policies;

        @Option(
                names = "--expires-at",
                paramLabel = "TIME",
                description = "when the key expires, such as 2027-01-31T12:00:00Z, or 'never'")
        private @Nullable String expiresAt;

        @Mixin
        private NarrowingChangeOptions narrowing = new NarrowingChangeOptions();

        Update(CommandContext context) {
            super(context);
        }

        @Override
        Map<String, @Nullable Object> change(ServiceClient client) throws InterruptedException {
            Map<String, @Nullable Object> change = new LinkedHashMap<>();
            if (policies != null) {
                change.put(
                        "policies",
                        policies.stream().filter(name -> !name.isEmpty()).toList());
            }
            narrowing.putInto(change, client);
            if (expiresAt != null) {
                change.put("expiresAt", expiresAt.equals("never") ? null : expiresAt);
            }
            if (change.isEmpty()) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "give what to change: --policy, --instance, --tag, --all-instances or --expires-at");
            }
            return change;
        }
    }

    /** Implements {@code keysweep access-keys disable}. */
    @Command(
            name = "disable",
            description = "Disables an access key: its requests, tokens and sessions are refused until it is enabled.")
    static final class Disable extends ChangeCommand {

        Disable(CommandContext context) {
            super(context);
        }

        @Override
        Map<String, @Nullable Object> change(ServiceClient client) {
            return Map.of("disabled", true);
        }
    }

    /** Implements {@code keysweep access-keys enable}. */
    @Command(name = "enable", description = "Enables an access key that was disabled.")
    static final class Enable extends ChangeCommand {

        Enable(CommandContext context) {
            super(context);
        }

        @Override
        Map<String, @Nullable Object> change(ServiceClient client) {
            return Map.of("disabled", false);
        }
    }

    /** Implements {@code keysweep access-keys rotate}. */
    @Command(
            name = "rotate",
            description = {
                "Creates another access key with the same rights, and shows its secret once.",
                "Both keys work until the overlap is over; then the old one expires."
            })
    static final class Rotate extends AccessKeyCommand {

        @Parameters(paramLabel = "AK", description = "id of the access key, see 'keysweep access-keys list'")
        private String accessKey = "";

        @Option(
                names = "--overlap-minutes",
                paramLabel = "N",
                description = "minutes for which both keys work, 0 to 129600. Default: 1440, a day")
        private int overlapMinutes = 1440;

        @Mixin
        private EntryOutput output = new EntryOutput();

        Rotate(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            AccessKeyView newKey =
                    new ProjectCalls(client).rotateKey(projectId(client, access), accessKey, overlapMinutes);
            output.writeOne(context(), newKey, ProjectTable.CREATED_KEY, AccessKeysCommand::createdLines);
        }
    }
}
