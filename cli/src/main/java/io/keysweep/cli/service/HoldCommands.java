package io.keysweep.cli.service;

import io.keysweep.api.HoldView;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ReasonOption;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.engine.text.ForeignText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Implements {@code keysweep hold} (pauses all scans, or those of a project), {@code release} (continues them) and
 * {@code holds} (lists holds).
 */
public final class HoldCommands {

    private HoldCommands() {}

    /** Adds the three commands to the command line. */
    public static void addTo(CommandLine commandLine, CommandContext context) {
        commandLine.addSubcommand(new Hold(context));
        commandLine.addSubcommand(new Release(context));
        commandLine.addSubcommand(new Holds(context));
    }

    private static String line(HoldView hold) {
        return (hold.projectId() == null ? "everything" : "project " + hold.projectId()) + "  held by " + hold.by()
                + (hold.why() == null ? "" : ": " + hold.why()) + "  since " + hold.since();
    }

    /** Is the base of {@code hold} and {@code release}, and adds the option {@code --project} to them. */
    abstract static class ScopedCommand extends ServiceCommand {

        /** The value of {@code --project} without an ID. */
        private static final String OWN_PROJECT = "";

        @Option(
                names = "--project",
                paramLabel = "ID",
                arity = "0..1",
                fallbackValue = OWN_PROJECT,
                description = "only the scans of this project; without an ID, of the access key's own project. Default:"
                        + " all scans of the service")
        private @Nullable String project;

        private ScopedCommand(CommandContext context) {
            super(context);
        }

        /** Returns the id of the project whose scans are meant, or null for all scans of the service. */
        final @Nullable String projectId(ServiceAccess access) {
            return OWN_PROJECT.equals(project) ? access.projectId() : project;
        }
    }

    /** Implements {@code keysweep hold}. */
    @Command(
            name = "hold",
            description = {
                "Holds all scans of a service, or of one project, until 'keysweep release'.",
                "Running scans stop within a second, and waiting ones do not begin. A hold outlives restarts of the service."
            })
    static final class Hold extends ScopedCommand {

        @Mixin
        private ReasonOption reason = new ReasonOption();

        Hold(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            context()
                    .out()
                    .println(ForeignText.line(line(new ScanCalls(client).hold(projectId(access), reason.reason()))));
        }
    }

    /** Implements {@code keysweep release}. */
    @Command(name = "release", description = "Ends a hold of 'keysweep hold'. Scans go on from where they stopped.")
    static final class Release extends ScopedCommand {

        Release(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            new ScanCalls(client).release(projectId(access));
        }
    }

    /** Implements {@code keysweep holds}. */
    @Command(name = "holds", description = "Lists the holds that are in force, one on each line.")
    static final class Holds extends ServiceCommand {

        @Mixin
        private ResultOutput output = new ResultOutput();

        Holds(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            output.writeEach(context(), new ScanCalls(client).holds(), HoldCommands::line);
        }
    }
}
