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
import java.util.List;
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
        return commandLine(context, List.of(arguments)).execute(arguments);
    }

    /** Creates the command with all subcommands. */
    static CommandLine commandLine(CommandContext context) {
        return commandLine(context, /* arguments= */ List.of());
    }

    /** Creates the command with the subcommands that {@link Subcommands} chooses for the arguments. */
    private static CommandLine commandLine(CommandContext context, List<String> arguments) {
        KeysweepCommand root = new KeysweepCommand(context);
        CommandLine commandLine = new CommandLine(root);
        root.subcommands(context).addTo(commandLine, arguments);

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
        UnknownCommands.refuse(parsed);
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

    /** Lists the subcommands. Those that need the engine get a supplier of it, because most do not need it. */
    private Subcommands subcommands(CommandContext context) {
        return new Subcommands(context)
                .with("quickstart", c -> new QuickstartCommand(c, this::engine, this::connector))
                .with("sweep", c -> new SweepCommand(c, this::engine, this::connector))
                .with("sweeps", SweepsCommand::withSubcommands)
                .with("doctor", c -> new DoctorCommand(c, this::doctor, this::connector))
                .with("estimate", c -> new EstimateCommand(c, this::estimator))
                .with("instances", InstancesCommand::withSubcommands)
                .with("scans", ScansCommand::withSubcommands)
                .with("schedules", SchedulesCommand::withSubcommands)
                .with(PolicyCommands.all())
                .with(HoldCommands.all())
                .with("approvals", ApprovalsCommand::withSubcommands)
                .with("workers", WorkersCommand::new)
                .with("webhooks", WebhooksCommand::withSubcommands)
                .with("projects", ProjectsCommand::withSubcommands)
                .with("access-keys", AccessKeysCommand::withSubcommands)
                .with("policies", AccessPoliciesCommand::withSubcommands)
                .with("users", UsersCommand::withSubcommands)
                .with("audit", AuditCommand::withSubcommands)
                .with("report", ReportCommand::withSubcommands)
                .with("login", LoginCommand::new)
                .with("context", ContextCommand::withSubcommands)
                .with("server", ServerCommand::new)
                .with("candidates", CompletionCandidatesCommand::new)
                .withOverview("completion", CompletionCommand::new)
                .withOverview("help", HelpCommand::new)
                .withOverview("manual", ManualCommand::new);
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
