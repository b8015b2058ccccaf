package io.keysweep.cli;

import io.keysweep.cli.completion.CompletionCommand;
import io.keysweep.cli.control.SweepsCommand;
import io.keysweep.cli.doctor.DoctorCommand;
import io.keysweep.cli.estimate.EstimateCommand;
import io.keysweep.cli.help.FittingHelp;
import io.keysweep.cli.help.HelpCommand;
import io.keysweep.cli.help.ManualCommand;
import io.keysweep.cli.help.ServerCommand;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.quickstart.QuickstartCommand;
import io.keysweep.cli.service.AccessKeysCommand;
import io.keysweep.cli.service.AccessPoliciesCommand;
import io.keysweep.cli.service.ApprovalsCommand;
import io.keysweep.cli.service.AuditCommand;
import io.keysweep.cli.service.CompletionCandidatesCommand;
import io.keysweep.cli.service.ContextCommand;
import io.keysweep.cli.service.HoldCommands;
import io.keysweep.cli.service.InstancesCommand;
import io.keysweep.cli.service.LoginCommand;
import io.keysweep.cli.service.PolicyCommands;
import io.keysweep.cli.service.ProjectsCommand;
import io.keysweep.cli.service.ReportCommand;
import io.keysweep.cli.service.ScansCommand;
import io.keysweep.cli.service.SchedulesCommand;
import io.keysweep.cli.service.UsersCommand;
import io.keysweep.cli.service.WebhooksCommand;
import io.keysweep.cli.service.WorkersCommand;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandGroup;
import io.keysweep.cli.shell.ExitCode;
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
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/**
 * Implements {@code keysweep}, which runs the subcommand that the user names; all other commands are its subcommands.
 */
@Command(
        name = "keysweep",
        description = "Reclaims the memory of expired keys on Redis and Valkey.",
        versionProvider = VersionText.class,
        mixinStandardHelpOptions = true,
        footer = {"", "'keysweep help COMMAND' shows the options of a command."})
public final class KeysweepCommand extends CommandGroup {

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "show the stack trace of a failure")
    private boolean debug;

    private KeysweepCommand(CommandContext context) {
        super(context);
    }

    /** Runs the command that the arguments name, and ends the process with its exit code. */
    public static void main(String[] arguments) {
        ProcessSignals signals = ProcessSignals.install();
        StandardOutput output = StandardOutput.ofProcess();
        CommandContext context = ProcessContext.of(signals, output);
        int code = run(context, arguments);
        String problem = output.problem();
        if (problem != null) {
            context.err().println("keysweep: standard output cannot be written to: " + problem);
        }
        signals.exit(problem != null && code == ExitCode.DONE.number() ? ExitCode.FAILED.number() : code);
    }

    /**
     * Runs the command that the arguments name, and returns its exit code; tests call this with a context of their own.
     */
    static int run(CommandContext context, String... arguments) {
        return commandLine(context).execute(arguments);
    }

    /**
     * Creates the command with all subcommands. {@link #run} parses the arguments with it. The shell completion and the
     * manual list its commands and options.
     */
    static CommandLine commandLine(CommandContext context) {
        // The help lists the commands in this order. A command that needs the engine gets a supplier of it, because
        // most commands do not need it.
        KeysweepCommand root = new KeysweepCommand(context);
        CommandLine commandLine = new CommandLine(root);
        commandLine.addSubcommand(new QuickstartCommand(context, root::engine, root::connector));
        commandLine.addSubcommand(new SweepCommand(context, root::engine, root::connector));
        commandLine.addSubcommand(SweepsCommand.withSubcommands(context));
        commandLine.addSubcommand(new DoctorCommand(context, root::doctor, root::connector));
        commandLine.addSubcommand(new EstimateCommand(context, root::estimator));
        commandLine.addSubcommand(InstancesCommand.withSubcommands(context));
        commandLine.addSubcommand(ScansCommand.withSubcommands(context));
        commandLine.addSubcommand(SchedulesCommand.withSubcommands(context));
        PolicyCommands.addTo(commandLine, context);
        HoldCommands.addTo(commandLine, context);
        commandLine.addSubcommand(ApprovalsCommand.withSubcommands(context));
        commandLine.addSubcommand(new WorkersCommand(context));
        commandLine.addSubcommand(WebhooksCommand.withSubcommands(context));
        commandLine.addSubcommand(ProjectsCommand.withSubcommands(context));
        commandLine.addSubcommand(AccessKeysCommand.withSubcommands(context));
        commandLine.addSubcommand(AccessPoliciesCommand.withSubcommands(context));
        commandLine.addSubcommand(UsersCommand.withSubcommands(context));
        commandLine.addSubcommand(AuditCommand.withSubcommands(context));
        commandLine.addSubcommand(ReportCommand.withSubcommands(context));
        commandLine.addSubcommand(new LoginCommand(context));
        commandLine.addSubcommand(ContextCommand.withSubcommands(context));
        commandLine.addSubcommand(new ServerCommand(context));
        commandLine.addSubcommand(new CompletionCommand(context));
        commandLine.addSubcommand(new CompletionCandidatesCommand(context));
        commandLine.addSubcommand(new HelpCommand(context));
        commandLine.addSubcommand(new ManualCommand(context));

        FailureReport failures = new FailureReport(context, () -> root.debug);
        configure(commandLine);
        if ("dumb".equals(context.variable("TERM"))) {
            // This terminal shows the codes for bold text as they are. Picocli itself follows NO_COLOR only.
            commandLine.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        }

        return commandLine
                .setHelpFactory(new FittingHelp(context))
                .setOut(new PrintWriter(
                        context.out(), /* autoFlush= */ true, context.out().charset()))
                .setErr(new PrintWriter(
                        context.err(), /* autoFlush= */ true, context.err().charset()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                // Otherwise picocli would replace an argument such as '@orders' by the content of a file of that name.
                .setExpandAtFiles(false)
                .setExecutionStrategy(KeysweepCommand::runParsed)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /** Runs the parsed command. An Error becomes an exception, so that {@link FailureReport} reports it. */
    private static int runParsed(ParseResult parsed) {
        EmptyArguments.refuse(parsed);
        EntryOutput.requireOneFormat(parsed);
        try {
            return new RunLast().execute(parsed);
        } catch (Error e) {
            // The memory does not suffice, or the jars were replaced while the command ran. Picocli reports only
            // exceptions. If an Error left main(), the shutdown hook of ProcessSignals would wait for an exit code that
            // never comes.
            throw new ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
        }
    }

    /**
     * Sets exit codes, help and version of a command and, by calling itself, of all commands below it. The annotation
     * of the root gives it help and version.
     */
    private static void configure(CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
        spec.usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.meanings())
                .sortOptions(false);
        spec.exitCodeOnInvalidInput(ExitCode.USAGE.number()).exitCodeOnExecutionException(ExitCode.FAILED.number());
        if (spec.parent() != null) {
            spec.mixinStandardHelpOptions(true).versionProvider(new VersionText());
        }
        if (spec.userObject() instanceof ServerCommand) {
            // The service is another program, which refuses this option.
            spec.remove(spec.findOption("--debug"));
        }
        commandLine.getSubcommands().values().forEach(KeysweepCommand::configure);
    }

    /**
     * Creates the engine. Only commands that need the engine call this method, since loading the engine and the client
     * library takes time.
     */
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
            // This call removes all handlers of java.util.logging. Otherwise the client library would write warnings to
            // standard error, in the middle of the progress. Keysweep itself reports important problems as an event or
            // an error.
            LogManager.getLogManager().reset();
        }
    }
}
