package io.keysweep.cli.service;

import io.keysweep.api.ScanView;
import io.keysweep.cli.shell.PaceChangeOptions;
import io.keysweep.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keysweep scans tune ID}. */
@Command(name = "tune", description = "Changes the pace of a scan; what is left out stays as it is.")
final class ScansTuneCommand extends OneScanCommand {

    @Mixin
    private PaceChangeOptions pace = new PaceChangeOptions();

    ScansTuneCommand(Shell shell) {
        super(shell, "tune");
    }

    @Override
    ScanView ask(ServiceClient client, String scanId, @Nullable String why) throws InterruptedException {
        return client.tune(scanId, pace.fields(), why);
    }
}
