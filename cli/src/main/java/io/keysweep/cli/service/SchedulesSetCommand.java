package io.keysweep.cli.service;

import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.ResultOutput;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Implements {@code keysweep schedules set}, which changes the given settings of a schedule and switches it on. */
@Command(
        name = "set",
        description = {
            "Sets the schedule of an instance and switches it on. Settings that you do not give stay as they are.",
            "If the first start is in the past, the first scan starts at the next time that the interval gives."
        })
final class SchedulesSetCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", description = InstancesCommand.ID_HELP)
    private String id = "";

    @Option(
            names = "--first-scan-at",
            paramLabel = "TIME",
            description = "first start, in UTC, for example 2026-11-25T02:00:00Z")
    private @Nullable Instant first;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "time between two starts, for example 1d")
    private @Nullable Duration every;

    @Option(names = "--once", description = "start only once")
    private boolean once;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "time after which a scan ends as failed, at least twice --every. Default: twice --every")
    private @Nullable Duration timeout;

    @Option(
            names = "--scan-keys-count",
            paramLabel = "N",
            description = "10 to 1000. A scan visits at most 200 times this number of keys per second")
    private @Nullable Integer scanKeysCount;

    @Mixin
    private ResultOutput output = new ResultOutput();

    SchedulesSetCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        InstanceCalls calls = new InstanceCalls(client);
        ScheduleView present = calls.schedule(id);
        // With the version, the call fails if another user has changed the schedule since it was read.
        output.write(
                context(),
                calls.setSchedule(id, changed(present.document()), present.version()),
                SchedulesCommand::lines);
    }

    private ScheduleDocument changed(ScheduleDocument before) {
        Long interval = once ? (Long) 0L : every == null ? before.intervalSeconds() : (Long) every.toSeconds();
        return new ScheduleDocument(
                true,
                first == null ? before.firstScanAt() : first,
                interval,
                timeoutSeconds(before, interval),
                scanKeysCount == null ? before.scanKeysCount() : scanKeysCount);
    }

    /**
     * Returns the timeout that the user has given. Otherwise a new interval above 0 makes the timeout twice the
     * interval, and without one the present timeout stays.
     */
    private @Nullable Long timeoutSeconds(ScheduleDocument before, @Nullable Long interval) {
        if (timeout != null) {
            return timeout.toSeconds();
        }
        boolean intervalUnchanged = before.timeoutSeconds() != null && every == null && !once;
        return intervalUnchanged || interval == null || interval == 0 ? before.timeoutSeconds() : (Long) (2 * interval);
    }
}
