package io.keysweep.cli.control;

import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.PaceChangeOptions;
import io.keysweep.cli.shell.ReasonOption;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code keysweep sweeps}, which lists and controls the sweeps that run on this machine without a service.
 *
 * <p>The command sends its requests to each process of {@code keysweep sweep} through the {@link SweepSocket} of that
 * process.
 */
@Command(
        name = "sweeps",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Lists your sweeps on this machine that run without a service ('keysweep sweep').",
            "The commands below pause, resume, cancel and tune one of them."
        })
public final class SweepsCommand implements Callable<Integer> {

    @Mixin
    private EntryOutput output = new EntryOutput();

    private final CommandContext context;

    private SweepsCommand(CommandContext context) {
        this.context = context;
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new CommandLine(new SweepsCommand(context))
                .addSubcommand(new Pause(context))
                .addSubcommand(new Resume(context))
                .addSubcommand(new Cancel(context))
                .addSubcommand(new Tune(context));
    }

    /** Returns the ids of the processes in which sweeps of this user run, as texts for the completion of shells. */
    public static List<String> pids(CommandContext context) {
        return new SweepSocketClient(context)
                .all().stream().map(sweep -> String.valueOf(sweep.pid())).toList();
    }

    @Override
    public Integer call() {
        output.writeList(context, new SweepSocketClient(context).all(), SweepTable.SWEEPS);
        return ExitCode.DONE.number();
    }

    /**
     * Shares the arguments between the subcommands. Each subcommand sends a request to one sweep, and then prints the
     * status of the sweep.
     */
    abstract static class SweepControlCommand implements Callable<Integer> {

        @Parameters(paramLabel = "PID", description = "process id of the sweep, see 'keysweep sweeps'")
        private long pid;

        @Mixin
        private ReasonOption reason = new ReasonOption();

        private final CommandContext context;

        private SweepControlCommand(CommandContext context) {
            this.context = context;
        }

        /**
         * Returns the request to send.
         *
         * @param reason reason that the user has given, or null
         */
        abstract SweepRequestLine request(@Nullable String reason);

        @Override
        public final Integer call() {
            SweepStatus status = new SweepSocketClient(context).request(pid, request(reason.reason()));
            context.out().println(status.line());
            return ExitCode.DONE.number();
        }
    }

    /** Implements {@code keysweep sweeps pause}. */
    @Command(
            name = "pause",
            description = "Pauses a sweep after its present step, until 'sweeps resume'. Its timeout keeps counting.")
    static final class Pause extends SweepControlCommand {

        private Pause(CommandContext context) {
            super(context);
        }

        @Override
        SweepRequestLine request(@Nullable String reason) {
            return SweepRequestLine.of("pause", reason);
        }
    }

    /** Implements {@code keysweep sweeps resume}. */
    @Command(name = "resume", description = "Ends the pause of a sweep.")
    static final class Resume extends SweepControlCommand {

        private Resume(CommandContext context) {
            super(context);
        }

        @Override
        SweepRequestLine request(@Nullable String reason) {
            return SweepRequestLine.of("resume", reason);
        }
    }

    /** Implements {@code keysweep sweeps cancel}. */
    @Command(
            name = "cancel",
            description = "Ends a sweep after its present step. The keys that it has reclaimed are counted.")
    static final class Cancel extends SweepControlCommand {

        private Cancel(CommandContext context) {
            super(context);
        }

        @Override
        SweepRequestLine request(@Nullable String reason) {
            return SweepRequestLine.of("cancel", reason);
        }
    }

    /** Implements {@code keysweep sweeps tune}. */
    @Command(
            name = "tune",
            description = "Changes the pace of a sweep. Settings that you do not give stay as they are.")
    static final class Tune extends SweepControlCommand {

        @Mixin
        private PaceChangeOptions pace = new PaceChangeOptions();

        private Tune(CommandContext context) {
            super(context);
        }

        @Override
        SweepRequestLine request(@Nullable String reason) {
            Map<String, @Nullable Object> fields = pace.fields();
            Object rateCeiling = fields.get("rateCeiling");
            return new SweepRequestLine(
                    "tune",
                    reason,
                    (String) fields.get("profile"),
                    (BigDecimal) fields.get("stallBudgetMs"),
                    fields.get("share") instanceof BigDecimal share ? share.doubleValue() : null,
                    // The field is missing if the option was not given, and null for --no-max-rate.
                    (Long) rateCeiling,
                    /* withoutRateCeiling= */ fields.containsKey("rateCeiling") && rateCeiling == null);
        }
    }
}
