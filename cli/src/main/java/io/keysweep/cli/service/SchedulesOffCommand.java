package io.keysweep.cli.service;

import io.keysweep.api.ScheduleDocument;
import io.keysweep.cli.shell.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code keysweep schedules off ID}. */
@Command(
        name = "off",
        description = "Lets no more scans of an instance start by themselves; what was set can be switched on again.")
final class SchedulesOffCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", description = "the instance's id, see 'keysweep instances list'")
    private String id = "";

    SchedulesOffCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        new InstanceCalls(client).setSchedule(id, new ScheduleDocument(false, null, null, null, null), null);
        return 0;
    }
}
