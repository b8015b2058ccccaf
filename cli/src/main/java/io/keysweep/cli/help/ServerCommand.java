package io.keysweep.cli.help;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Describes {@code keysweep server} in help, manual page and completion. The script {@code keysweep} starts the service
 * as another program, and calls this one only if the arguments ask for help or the version.
 */
@Command(
        name = "server",
        description = {
            "Starts the service, which stays in the foreground until Ctrl-C or SIGTERM.",
            "Its settings are in keysweep.yaml in KEYSWEEP_HOME (~/.keysweep) and in KEYSWEEP_ variables.",
            "'keysweep server recover-admin' creates and shows another access key of an administrator."
        })
@SuppressWarnings("UnusedVariable") // Only help, manual page and completion read the options.
public final class ServerCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "recover-admin",
            arity = "0..1",
            description = "create an administrator's access key, then end")
    private String action = "";

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port; 0 picks a free one. Default: 8379")
    private String port = "";

    @Option(names = "--address", paramLabel = "ADDRESS", description = "where the service listens. Default: 127.0.0.1")
    private String address = "";

    @Option(
            names = "--roles",
            paramLabel = "ROLES",
            description = "roles of this process: api, console, worker, separated by commas. Default: all")
    private String roles = "";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "settings to read instead of keysweep.yaml in KEYSWEEP_HOME")
    private String config = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final CommandContext context;

    /** Creates the command. */
    public ServerCommand(CommandContext context) {
        this.context = context;
    }

    /**
     * Shows the usage for {@code server help}. Otherwise shows how to start the service, because this method then runs
     * only if the program was started without the script.
     */
    @Override
    public Integer call() {
        if (action.equals("help")) {
            spec.commandLine().usage(context.out());
            return ExitCode.DONE.number();
        }
        context.err()
                .println("keysweep: the service is not part of this program: start it with the script 'keysweep', or"
                        + " with 'java -jar keysweep-server.jar'");
        return ExitCode.USAGE.number();
    }
}
