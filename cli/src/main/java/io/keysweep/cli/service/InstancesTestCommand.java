package io.keysweep.cli.service;

import io.keysweep.api.InstanceTest;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keysweep instances test ID}. */
@Command(
        name = "test",
        description = {
            "Has the service look at a server as a scan would, without touching anything.",
            "Exits with 5 if a scan would be refused. 'instances add --test' does so before there is an instance."
        })
final class InstancesTestCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", description = "the instance's id, see 'keysweep instances list'")
    private String id = "";

    @Mixin
    private ServiceOutput output = new ServiceOutput();

    InstancesTestCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(ServiceClient client, ServiceAccess access) throws InterruptedException {
        return tell(shell(), output, new InstanceCalls(client).test(id));
    }

    static int tell(Shell shell, ServiceOutput output, InstanceTest test) {
        output.write(shell, test, InstancesTestCommand::lines);
        return test.sweepable() ? 0 : ExitCode.NOT_SWEEPABLE.number();
    }

    private static List<String> lines(InstanceTest test) {
        List<String> lines = new ArrayList<>();
        lines.add((test.sweepable() ? "A scan would begin" : "A scan would be refused: " + test.problem()) + " ("
                + test.millis() + " ms)");
        test.primaries()
                .forEach(primary -> lines.add("  " + primary.nodeId() + "  " + primary.flavour() + " "
                        + primary.version() + "  " + Amounts.count(primary.keys()) + " keys, "
                        + Amounts.bytes(primary.usedMemory()) + "  " + primary.method()));
        return lines;
    }
}
