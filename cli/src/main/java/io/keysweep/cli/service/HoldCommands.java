package io.keysweep.cli.service;

import io.keysweep.api.HoldView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ReasonOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Implements {@code keysweep hold} (pauses the scans of a project, or all scans), {@code release} (continues them) and
 * {@code holds} (lists holds). Such a hold lasts until a user releases it.
 */
public final class HoldCommands {

    private HoldCommands() {}

    /** Returns what creates each of the three commands, by the name of the command. */
    public static Map<String, Function<CommandContext, Object>> all() {
        Map<String, Function<CommandContext, Object>> creators = new LinkedHashMap<>();
        creators.put("hold", Hold::new);
        creators.put("release", Release::new);
        creators.put("holds", Holds::new);
        return creators;
    }

    /**
     * Returns the names of projects by their ids if the output shows them. They cost another request, which a hold of
     * all scans does not need.
     */
    private static Map<String, String> projectNames(ServiceClient client, EntryOutput output, List<HoldView> holds)
            throws InterruptedException {
        boolean needsNames = output.needsNames() && holds.stream().anyMatch(hold -> hold.projectId() != null);
        return needsNames ? new IdResolver(client).projectNames() : Map.of();
    }

    private static String line(HoldView hold, Map<String, String> projectNames) {
        return ServiceTable.scope(hold, projectNames) + "  held by " + hold.by()
                + (hold.why() == null ? "" : ": " + hold.why()) + "  since " + hold.since();
    }

    /** Shares the option {@code --project} between {@code hold} and {@code release}. */
    abstract static class ScopedCommand extends ServiceCommand {

        /**
         * Stands for {@code --project} without a name: the project of the access key. No argument can contain this
         * character. An empty text, which a script passes if its variable is not set, is a name that no project has.
         */
        private static final String OWN_PROJECT = "\u0000";

        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                arity = "0..1",
                fallbackValue = OWN_PROJECT,
                description = "only the scans of this project (name or id); without a value, of the access key's own"
                        + " project. Default: all scans of the service")
        private @Nullable String project;

        private ScopedCommand(CommandContext context) {
            super(context);
        }

        /** Returns the id of the project whose scans are held or released; null for all scans of the service. */
        final @Nullable String projectId(ServiceClient client, ServiceAccess access) throws InterruptedException {
            if (project == null) {
                return null;
            }
            return OWN_PROJECT.equals(project) ? access.projectId() : new IdResolver(client).projectId(project);
        }
    }

    /** Implements {@code keysweep hold}. */
    @Command(
            name = "hold",
            description = {
                "Pauses all scans of a service, or of one project, until 'keysweep release'.",
                "Running scans stop within a second, and waiting ones do not begin. This hold outlives restarts of the"
                        + " service."
            })
    static final class Hold extends ScopedCommand {

        @Mixin
        private ReasonOption reason = new ReasonOption();

        @Mixin
        private EntryOutput output = new EntryOutput();

        Hold(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            HoldView hold = new ScanCalls(client).hold(projectId(client, access), reason.reason());
            Map<String, String> names = projectNames(client, output, List.of(hold));
            output.writeOne(context(), hold, ServiceTable.holds(names), row -> List.of(line(row, names)));
        }
    }

    /** Implements {@code keysweep release}. */
    @Command(
            name = "release",
            description = "Ends a hold of 'keysweep hold', and shows it. Scans go on from where they stopped.")
    static final class Release extends ScopedCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        Release(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String projectId = projectId(client, access);
            ScanCalls calls = new ScanCalls(client);
            // The answer to the release does not say what was held.
            List<HoldView> held = calls.holds().stream()
                    .filter(hold -> Objects.equals(hold.projectId(), projectId))
                    .toList();
            calls.release(projectId);
            if (held.isEmpty()) {
                output.writeList(
                        context(),
                        held,
                        ServiceTable.holds(Map.of())
                                .withEmpty(
                                        projectId == null
                                                ? "Nothing was released: there was no hold of all scans."
                                                : "Nothing was released: there was no hold of this project."));
            } else {
                Map<String, String> names = projectNames(client, output, held);
                output.write(
                        context(),
                        held,
                        held,
                        ServiceTable.holds(names),
                        rows -> rows.stream()
                                .map(row -> "Released: " + line(row, names))
                                .toList());
            }
        }
    }

    /** Implements {@code keysweep holds}. */
    @Command(name = "holds", description = "Lists the holds that are in force.")
    static final class Holds extends ServiceCommand {

        @Mixin
        private EntryOutput output = new EntryOutput();

        Holds(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            List<HoldView> holds = new ScanCalls(client).holds();
            output.writeList(context(), holds, ServiceTable.holds(projectNames(client, output, holds)));
        }
    }
}
