package io.keysweep.cli.service;

import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.Shell;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keysweep schedules set ID}. */
@Command(
        name = "set",
        description = {
            "Has scans of an instance start by themselves; what is not named stays as it was set before.",
            "A first start that is past stands for the next one by the interval."
        })
final class SchedulesSetCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", description = "the instance's id, see 'keysweep instances list'")
    private String id = "";

    @Option(names = "--first-scan-at", paramLabel = "TIME", description = "in UTC, for example 2026-11-25T02:00:00Z")
    private @Nullable Instant first;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "between two starts, for example 1d")
    private @Nullable Duration every;

    @Option(names = "--once", description = "one single start")
    private boolean once;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "when a scan ends as failed. Default: twice --every, which is the least")
    private @Nullable Duration timeout;

    @Option(
            names = "--scan-keys-count",
            paramLabel = "N",
            description = "10 to 1000: a ceiling of 200 times as many keys a second")
    private @Nullable Integer scanKeysCount;

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    SchedulesSetCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        InstanceCalls calls = new InstanceCalls(client);
        ScheduleView now = calls.schedule(id);
        ScheduleDocument before = now.document();
        Long interval = once ? (Long) 0L : every == null ? before.intervalSeconds() : (Long) every.toSeconds();
        ScheduleDocument wanted = new ScheduleDocument(
                true,
                first == null ? before.firstScanAt() : first,
                interval,
                timeoutSeconds(before, interval),
                scanKeysCount == null ? before.scanKeysCount() : scanKeysCount);
        output.write(shell(), calls.setSchedule(id, wanted, now.version()), SchedulesGetCommand::lines);
        return 0;
    }

    private @Nullable Long timeoutSeconds(ScheduleDocument before, @Nullable Long interval) {
        if (timeout != null) {
            return timeout.toSeconds();
        }
        boolean stays = before.timeoutSeconds() != null && every == null && !once;
        return stays || interval == null || interval == 0 ? before.timeoutSeconds() : (Long) (2 * interval);
    }
}
