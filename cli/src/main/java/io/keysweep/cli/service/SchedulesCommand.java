package io.keysweep.cli.service;

import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Implements {@code keysweep schedules}, which shows, sets and switches off the schedule of an instance's automatic
 * scans.
 */
@Command(
        name = "schedules",
        description = "Shows, sets and switches off the schedule by which scans of an instance start automatically.")
public final class SchedulesCommand extends CommandGroup {

    private SchedulesCommand(CommandContext context) {
        super(context);
    }

    /** Creates the command with its subcommands. */
    public static CommandLine withSubcommands(CommandContext context) {
        return new SchedulesCommand(context).with(new Get(context), new SchedulesSetCommand(context), new Off(context));
    }

    /**
     * Returns the table of a schedule.
     *
     * @param name name of the instance, as the user has given it
     * @param id id of the instance
     */
    static Table<ScheduleView> table(String name, String id) {
        return Table.<ScheduleView>of("There is no schedule.", schedule -> name, schedule -> id)
                .column("INSTANCE", schedule -> name)
                .column("ENABLED", schedule -> schedule.document().enabled())
                .column("FIRST", schedule -> schedule.document().firstScanAt())
                .column("INTERVAL SECONDS", schedule -> schedule.document().intervalSeconds())
                .column("TIMEOUT SECONDS", schedule -> schedule.document().timeoutSeconds())
                .column("SCAN KEYS COUNT", schedule -> schedule.document().scanKeysCount())
                .column("NEXT", ScheduleView::nextStartAt)
                .column("LAST", ScheduleView::lastStartAt)
                .column("VERSION", ScheduleView::version);
    }

    /** Returns the lines that show a schedule. A schedule that was never set has only the line {@code off}. */
    static List<String> lines(ScheduleView schedule) {
        ScheduleDocument document = schedule.document();
        List<String> lines = new ArrayList<>();
        boolean enabled = Boolean.TRUE.equals(document.enabled());
        lines.add(
                !enabled
                        ? "off"
                        : "on, the next scan starts " + Objects.requireNonNullElse(schedule.nextStartAt(), "never"));
        if (document.firstScanAt() != null && document.intervalSeconds() != null && document.timeoutSeconds() != null) {
            lines.add("  first    " + document.firstScanAt());
            lines.add("  every    "
                    + (document.intervalSeconds() == 0
                            ? "once"
                            : Amounts.duration(Duration.ofSeconds(document.intervalSeconds()))));
            lines.add("  timeout  " + Amounts.duration(Duration.ofSeconds(document.timeoutSeconds())));
            lines.add("  scan keys count  " + document.scanKeysCount());
        }
        if (schedule.lastStartAt() != null) {
            lines.add("  last     " + schedule.lastStartAt());
        }
        return lines;
    }

    /** Implements {@code keysweep schedules get}. */
    @Command(name = "get", description = "Shows the schedule of an instance and its next start.")
    static final class Get extends ServiceCommand {

        @Mixin
        private InstanceArgument instance = new InstanceArgument();

        @Mixin
        private EntryOutput output = new EntryOutput();

        private Get(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            String id = instance.id(client);
            output.writeOne(
                    context(),
                    new InstanceCalls(client).schedule(id),
                    table(instance.typed(), id),
                    SchedulesCommand::lines);
        }
    }

    /** Implements {@code keysweep schedules off}. */
    @Command(
            name = "off",
            description =
                    "Switches the schedule of an instance off. Its settings are kept: 'schedules set' switches it on"
                            + " again.")
    static final class Off extends ServiceCommand {

        /** Leaves out all settings but one, so that the service keeps them. */
        private static final ScheduleDocument SWITCHED_OFF = new ScheduleDocument(
                /* enabled= */ false,
                /* firstScanAt= */ null,
                /* intervalSeconds= */ null,
                /* timeoutSeconds= */ null,
                /* scanKeysCount= */ null);

        @Mixin
        private InstanceArgument instance = new InstanceArgument();

        private Off(CommandContext context) {
            super(context);
        }

        @Override
        void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
            new InstanceCalls(client).setSchedule(instance.id(client), SWITCHED_OFF, /* version= */ null);
        }
    }
}
