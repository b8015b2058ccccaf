package io.keysweep.cli.service;

import io.keysweep.api.ScheduleDocument;
import io.keysweep.api.ScheduleView;
import io.keysweep.cli.shell.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keysweep schedules get ID}. */
@Command(name = "get", description = "Shows the schedule of an instance, and when the next scan starts by it.")
final class SchedulesGetCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", description = "the instance's id, see 'keysweep instances list'")
    private String id = "";

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    SchedulesGetCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        output.write(shell(), new InstanceCalls(client).schedule(id), SchedulesGetCommand::lines);
        return 0;
    }

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
                    + (document.intervalSeconds() == 0 ? "once" : Duration.ofSeconds(document.intervalSeconds())));
            lines.add("  timeout  " + Duration.ofSeconds(document.timeoutSeconds()));
            lines.add("  scan keys count  " + document.scanKeysCount());
        }
        if (schedule.lastStartAt() != null) {
            lines.add("  last     " + schedule.lastStartAt());
        }
        return lines;
    }
}
