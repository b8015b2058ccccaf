package io.keysweep.cli.control;

import io.keysweep.cli.shell.Shell;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code keysweep sweeps}: the sweeps that run on this machine without a service. */
@Command(
        name = "sweeps",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Lists your sweeps on this machine that run without a service ('keysweep sweep'), one a line.",
            "Its commands pause, resume, cancel and tune one of them."
        })
public final class SweepsCommand implements Callable<Integer> {

    @Option(names = "--json", description = "write a JSON array")
    private boolean json;

    private final Shell shell;

    private SweepsCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with all that are below it. */
    public static CommandLine withSubcommands(Shell shell) {
        return new CommandLine(new SweepsCommand(shell))
                .addSubcommand(new SweepsPauseCommand(shell))
                .addSubcommand(new SweepsResumeCommand(shell))
                .addSubcommand(new SweepsCancelCommand(shell))
                .addSubcommand(new SweepsTuneCommand(shell));
    }

    @Override
    public Integer call() {
        List<SweepStatus> sweeps = new SweepSocketClient(shell).all();
        if (json) {
            shell.out().println(JsonMapper.builder().build().writeValueAsString(sweeps));
        } else {
            sweeps.forEach(sweep -> shell.out().println(sweep.line()));
        }
        return 0;
    }
}
