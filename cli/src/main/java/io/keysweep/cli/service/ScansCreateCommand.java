package io.keysweep.cli.service;

import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.DependentOption;
import io.keysweep.cli.shell.PaceChangeOptions;
import io.keysweep.cli.shell.SecondsConverter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code keysweep scans create}, which creates a scan and, with {@code --wait}, waits for its end. */
@Command(
        name = "create",
        description = {
            "Creates a scan of an instance and writes the id of the scan.",
            "With --wait, shows its progress until it ends, writes its result, and exits with 0 only if it succeeded."
        })
final class ScansCreateCommand extends ServiceCommand {

    @Mixin
    private InstanceArgument instance = new InstanceArgument();

    @Mixin
    private PaceChangeOptions pace = new PaceChangeOptions();

    @Mixin
    private ScanAssistOptions assist = new ScanAssistOptions();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = SecondsConverter.class,
            description = "end the scan after this time, for example 90s, 30m or 2h. Default: the service's setting")
    private @Nullable Duration timeout;

    @Option(names = "--wait", description = "wait until the scan has ended. Ctrl-C ends the wait, not the scan")
    private boolean wait;

    @Option(names = "--quiet", description = "with --wait: show no progress, only the id of the scan and its result")
    private boolean quiet;

    @Mixin
    private EntryOutput output = new EntryOutput();

    ScansCreateCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        DependentOption.refuseAlone("--quiet", quiet, "--wait", wait);
        CreatedScan createdScan = new ScanCalls(client).create(instance.id(client), options());
        if (wait) {
            // This line is also written with --quiet, because the user needs the id if the command ends before the
            // scan.
            context().err().println("Created scan " + createdScan.id() + " of " + instance.typed());
            exitWith(ScanWatch.showNew(context(), client, createdScan.id(), instance.typed(), quiet, output));
        } else {
            output.writeOne(context(), createdScan, table(), scan -> List.of(scan.id()));
        }
    }

    private static Table<CreatedScan> table() {
        return Table.of("There are no scans.", /* name= */ CreatedScan::id, /* id= */ CreatedScan::id)
                .column("ID", CreatedScan::id)
                .column("STATUS", CreatedScan::status);
    }

    /** Returns the given options as JSON fields; the service uses its own settings for missing fields. */
    private Map<String, @Nullable Object> options() {
        Map<String, @Nullable Object> options =
                pace.isGiven() ? new LinkedHashMap<>(pace.fields()) : new LinkedHashMap<>();
        if (timeout != null) {
            options.put("timeoutSeconds", timeout.toSeconds());
        }
        String mode = assist.mode();
        if (mode != null) {
            options.put("assist", mode);
        }
        return options;
    }
}
