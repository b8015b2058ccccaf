package io.keysweep.cli;

import io.keysweep.cli.control.SweepsCommand;
import io.keysweep.cli.doctor.DoctorCommand;
import io.keysweep.cli.estimate.EstimateCommand;
import io.keysweep.cli.quickstart.QuickstartCommand;
import io.keysweep.cli.service.AccessKeysCommand;
import io.keysweep.cli.service.HoldCommands;
import io.keysweep.cli.service.InstancesCommand;
import io.keysweep.cli.service.PolicyCommands;
import io.keysweep.cli.service.ProjectsCommand;
import io.keysweep.cli.service.ScansCommand;
import io.keysweep.cli.service.SchedulesCommand;
import io.keysweep.cli.service.WebhooksCommand;
import io.keysweep.cli.service.WorkersCommand;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.Shell;
import io.keysweep.cli.sweep.SweepCommand;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.sweep.SweepEngine;
import java.io.PrintWriter;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Implements {@code keysweep}: it has all commands as subcommands, and runs the one that the user names. */
@Command(
        name = "keysweep",
        description = "Reclaims the memory of expired keys on Redis and Valkey.",
        versionProvider = ManifestVersion.class,
        mixinStandardHelpOptions = true,
        footer = {"", "'keysweep server' starts the service."})
public final class KeysweepCommand extends CommandGroup {

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "show the stack trace of a failure")
    private boolean debug;

    private KeysweepCommand(Shell shell) {
        super(shell);
    }

    /** Runs the command that the arguments name, and ends the process with its exit code. */
    public static void main(String[] arguments) {
        ProcessSignals signals = ProcessSignals.install();
        signals.exit(run(SystemShell.of(signals), arguments));
    }

    /** Runs the command that the arguments name, and returns its exit code. */
    static int run(Shell shell, String... arguments) {
        return commandLine(shell).execute(arguments);
    }

    static CommandLine commandLine(Shell shell) {
        KeysweepCommand root = new KeysweepCommand(shell);
        CommandLine commandLine = new CommandLine(root);
        commandLine.addSubcommand(new QuickstartCommand(shell, root::engine, root::connector));
        commandLine.addSubcommand(new SweepCommand(shell, root::engine));
        commandLine.addSubcommand(SweepsCommand.withSubcommands(shell));
        commandLine.addSubcommand(new DoctorCommand(shell, root::doctor));
        commandLine.addSubcommand(new EstimateCommand(shell, root::estimator));
        commandLine.addSubcommand(InstancesCommand.withSubcommands(shell));
        commandLine.addSubcommand(ScansCommand.withSubcommands(shell));
        commandLine.addSubcommand(SchedulesCommand.withSubcommands(shell));
        PolicyCommands.addTo(commandLine, shell);
        HoldCommands.addTo(commandLine, shell);
        commandLine.addSubcommand(new WorkersCommand(shell));
        commandLine.addSubcommand(WebhooksCommand.withSubcommands(shell));
        commandLine.addSubcommand(ProjectsCommand.withSubcommands(shell));
        commandLine.addSubcommand(AccessKeysCommand.withSubcommands(shell));
        commandLine.addSubcommand(new CompletionCommand(shell));
        FailureReport failures = new FailureReport(shell, () -> root.debug);
        configure(commandLine);
        return commandLine
                .setOut(new PrintWriter(
                        shell.out(), /* autoFlush= */ true, shell.out().charset()))
                .setErr(new PrintWriter(
                        shell.err(), /* autoFlush= */ true, shell.err().charset()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    private static void configure(CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
        spec.usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.meanings())
                .sortOptions(false)
                .width(100);
        spec.exitCodeOnInvalidInput(ExitCode.USAGE.number()).exitCodeOnExecutionException(ExitCode.FAILED.number());
        if (spec.parent() != null) {
            spec.mixinStandardHelpOptions(true).versionProvider(new ManifestVersion());
        }
        commandLine.getSubcommands().values().forEach(KeysweepCommand::configure);
    }

    /** Creates the engine. Only commands that need it call this, since loading it and the client library takes time. */
    private SweepEngine engine() {
        silenceClientLibrary();
        return LettuceEngine.sweepEngine();
    }

    private Doctor doctor() {
        silenceClientLibrary();
        return LettuceEngine.doctor();
    }

    private BacklogEstimator estimator() {
        silenceClientLibrary();
        return LettuceEngine.estimator();
    }

    private NodeConnector connector() {
        silenceClientLibrary();
        return LettuceEngine.connector();
    }

    private void silenceClientLibrary() {
        if (!debug) {
            // Otherwise the client library logs warnings to standard error, into the progress. Whatever matters
            // to the user is reported as an event or an error.
            LogManager.getLogManager().reset();
        }
    }
}
