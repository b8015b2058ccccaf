package io.keysweep.cli.service;

import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExclusiveOptions;
import io.keysweep.cli.shell.SecondsConverter;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code keysweep schedules set}, which changes the given settings of a schedule and switches it on. */
@Command(
        name = "set",
        description = {
            "Sets the schedule of an instance and switches it on. Settings that you do not give stay as they are.",
            "If --first-scan-at is in the past, the first scan starts at the next time that --every gives."
        })
final class SchedulesSetCommand extends ServiceCommand {

    @Mixin
    private InstanceArgument instance = new InstanceArgument();

    @Option(
            names = "--first-scan-at",
            paramLabel = "TIME",
            description = "first start, in UTC, for example 2026-11-25T02:00:00Z")
    private @Nullable Instant first;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = SecondsConverter.class,
            description = "time between two starts, for example 1d")
    private @Nullable Duration every;

    @Option(names = "--once", description = "start only once")
    private boolean once;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = SecondsConverter.class,
            description = "time after which a scan ends as failed, at least twice --every. Default: twice --every")
    private @Nullable Duration timeout;

    @Option(
            names = "--scan-keys-count",
            paramLabel = "N",
            description = "10 to 1000. A scan visits at most 200 times this number of keys per second")
    private @Nullable Integer scanKeysCount;

    @Mixin
    private EntryOutput output = new EntryOutput();

    SchedulesSetCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        ExclusiveOptions.refuseBoth("--once", once, "--every", every != null);
        InstanceCalls calls = new InstanceCalls(client);
        String id = instance.id(client);
        ScheduleView current = calls.schedule(id);
        // The version makes the service refuse the change if another user has changed the schedule since it was read.
        // The current settings, which the request repeats, would otherwise undo that user's change.
        output.writeOne(
                context(),
                calls.setSchedule(id, withChanges(current.document()), current.version()),
                SchedulesCommand.table(instance.typed(), id),
                SchedulesCommand::lines);
    }

    /** Returns the current schedule with the settings that the user has given, switched on. */
    private ScheduleDocument withChanges(ScheduleDocument current) {
        Long interval = intervalSeconds(current);
        return new ScheduleDocument(
                /* enabled= */ true,
                first == null ? current.firstScanAt() : first,
                interval,
                timeoutSeconds(current, interval),
                scanKeysCount == null ? current.scanKeysCount() : scanKeysCount);
    }

    /**
     * Returns the time between two starts in seconds; 0 for one start only; null if it is not given and was never set.
     */
    private @Nullable Long intervalSeconds(ScheduleDocument current) {
        if (once) {
            return 0L;
        }
        return every == null ? current.intervalSeconds() : (Long) every.toSeconds();
    }

    /**
     * Returns the timeout in seconds, or null if none was given, none was set before, and there is no interval above 0.
     *
     * <ul>
     *   <li>If the user has given a timeout, it is that one.
     *   <li>If the user has given a new interval, or no timeout was set before, it is twice the interval.
     *   <li>In all other cases the current timeout is not changed.
     * </ul>
     */
    private @Nullable Long timeoutSeconds(ScheduleDocument current, @Nullable Long interval) {
        if (timeout != null) {
            return timeout.toSeconds();
        }
        boolean keepsTimeout = current.timeoutSeconds() != null && every == null && !once;
        if (keepsTimeout || interval == null || interval == 0) {
            return current.timeoutSeconds();
        }
        // The DCS API (the API of Huawei Cloud's Distributed Cache Service) shows the same schedule, and refuses a
        // timeout below twice the interval.
        return 2 * interval;
    }
}
