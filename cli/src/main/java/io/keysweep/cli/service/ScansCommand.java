package io.keysweep.cli.service;

import io.keysweep.api.ScanView;
import io.keysweep.api.TimelineView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.PaceChangeOptions;
import io.keysweep.cli.shell.ReasonOption;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Implements {@code keysweep scans}, which creates, shows and controls the scans of a service. A scan is a task that
 * removes the expired keys of a registered server.
 */
@Command(name = "scans", description = "Creates scans on a service, shows their progress, and controls them.")
public final class ScansCommand extends CommandGroup {

    private ScansCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new ScansCommand(context)
                .with(
                        new ScansCreateCommand(context),
                        new Get(context),
                        new ScansListCommand(context),
                        new ScansWatchCommand(context),
                        new Timeline(context),
                        new ScansReportCommand(context),
                        new Pause(context),
                        new Resume(context),
                        new Cancel(context),
                        new Tune(context));
    }

    /** Implements {@code keysweep scans get}. */
    @Command(name = "get", description = "Shows a scan and, while it runs, its progress.")
    static final class Get extends ServiceCommand {

        @Mixin
        private ScanArgument scan = new ScanArgument();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Get(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            ScanView view = client.scan(scan.id(client));
            // People read lines, which have the name that they have given.
            boolean needsNames = output.needsCells() && !output.isDefault();
            output.writeOne(
                    context(),
                    view,
                    needsNames ? ScanTable.withNames(client) : ScanTable.withIds(),
                    row -> ScanLines.lines(row, scan.typed()));
        }
    }

    /** Implements {@code keysweep scans timeline}. */
    @Command(
            name = "timeline",
            description =
                    "Shows what happened to a scan, who did it, why, and from when to when; one event on each line.")
    static final class Timeline extends ServiceCommand {

        @Mixin
        private ScanArgument scan = new ScanArgument();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Timeline(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            TimelineView timeline = new ScanCalls(client).timeline(scan.id(client));
            output.write(
                    context(), timeline, timeline.events(), ScanTable.EVENTS, events -> TimelineLines.lines(timeline));
        }
    }

    /**
     * Shares the arguments and the output between {@code pause}, {@code resume}, {@code cancel} and {@code tune}. Each
     * of them changes one scan, and then prints its new state.
     */
    abstract static class ControlCommand extends ServiceCommand {

        @Mixin
        private ScanArgument scan = new ScanArgument();

        @Mixin
        private ReasonOption reason = new ReasonOption();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private ControlCommand(CommandContext context) {
            super(context);
        }

        /**
         * Sends the request to change the scan, and returns the scan after the change.
         *
         * @param reason reason that the user has given, or null
         */
        abstract ScanView control(ScanCalls calls, String scanId, @Nullable String reason) throws InterruptedException;

        /**
         * Returns the sentence that answers the request. The lines after it show the scan as it was when the request
         * arrived, because a scan follows a request a moment later.
         */
        abstract String answer(ScanView scan);

        @Override
        final void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            ScanCalls calls = new ScanCalls(client);
            String id = scan.id(client);
            ScanView changedScan = control(calls, id, reason.reason());
            output.writeOne(
                    context(),
                    changedScan,
                    ScanTable.withIds(),
                    row -> Stream.concat(Stream.of(answer(row)), ScanLines.lines(row, scan.typed()).stream())
                            .toList());
        }
    }

    /** Implements {@code keysweep scans pause}. */
    @Command(
            name = "pause",
            description = "Pauses a scan within a second, until 'scans resume'. Its timeout keeps counting.")
    static final class Pause extends ControlCommand {

        private Pause(CommandContext context) {
            super(context);
        }

        @Override
        ScanView control(ScanCalls calls, String scanId, @Nullable String reason) throws InterruptedException {
            return calls.control(scanId, "pause", reason);
        }

        @Override
        String answer(ScanView scan) {
            return "Pause requested: the scan stops within a second.";
        }
    }

    /** Implements {@code keysweep scans resume}. */
    @Command(
            name = "resume",
            description =
                    "Ends the pause of a scan. A hold of its project or of the service stays in force, see 'keysweep"
                            + " holds'.")
    static final class Resume extends ControlCommand {

        private Resume(CommandContext context) {
            super(context);
        }

        @Override
        ScanView control(ScanCalls calls, String scanId, @Nullable String reason) throws InterruptedException {
            return calls.control(scanId, "resume", reason);
        }

        @Override
        String answer(ScanView scan) {
            return scan.pause() == null
                    ? "Resume requested: the scan continues within a second."
                    : "Resume requested. A hold of 'keysweep hold' is still in force.";
        }
    }

    /** Implements {@code keysweep scans cancel}. */
    @Command(name = "cancel", description = "Ends a scan as failed. The keys that it has reclaimed stay counted.")
    static final class Cancel extends ControlCommand {

        private Cancel(CommandContext context) {
            super(context);
        }

        @Override
        ScanView control(ScanCalls calls, String scanId, @Nullable String reason) throws InterruptedException {
            return calls.control(scanId, "cancel", reason);
        }

        @Override
        String answer(ScanView scan) {
            return scan.finishedAt() == null
                    ? "Cancel requested: the scan ends within seconds."
                    : "The scan is cancelled.";
        }
    }

    /** Implements {@code keysweep scans tune}. */
    @Command(name = "tune", description = "Changes the pace of a scan. Settings that you do not give stay as they are.")
    static final class Tune extends ControlCommand {

        @Mixin
        private PaceChangeOptions pace = new PaceChangeOptions();

        private Tune(CommandContext context) {
            super(context);
        }

        @Override
        ScanView control(ScanCalls calls, String scanId, @Nullable String reason) throws InterruptedException {
            return calls.tune(scanId, pace.fields(), reason);
        }

        @Override
        String answer(ScanView scan) {
            return "New pace requested: it applies within seconds.";
        }
    }
}
