package io.keysweep.cli.help;

import io.keysweep.api.BuildVersion;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.ExitCode;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Spec;

/**
 * Implements {@code keysweep manual}, which prints the manual page keysweep(1) for the packages, in roff, the language
 * of manual pages. Commands, options and exit codes come from the definitions that the program itself uses.
 */
@Command(name = "manual", hidden = true, description = "Writes the manual page keysweep(1) in roff.")
public final class ManualCommand implements Callable<Integer> {

    private static final String DESCRIPTION = """
            Keysweep visits every key of a server, at a pace that the server hardly feels, so that the server frees
            the memory of keys whose TTL has passed. The first form runs one command. The second form starts the
            service, which listens on 127.0.0.1:8379 unless its settings say otherwise.""";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final CommandContext context;

    /** Creates the command. */
    public ManualCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        PrintStream out = context.out();
        CommandLine root = spec.root().commandLine();
        BuildVersion build = BuildVersion.current();
        out.println(".TH KEYSWEEP 1 \"" + build.date() + "\" \"Keysweep " + build.version() + "\"");
        out.println(".SH NAME");
        out.println("keysweep \\- " + escape("reclaims the memory of expired keys on Redis and Valkey"));
        out.println(".SH SYNOPSIS");
        out.println(".B keysweep\n.I COMMAND\n.RI [ ARGUMENT ...]\n.br\n.B keysweep server\n.RI [ ARGUMENT ...]");
        out.println(".SH DESCRIPTION");
        out.println(escape(DESCRIPTION));
        out.println(".SH COMMANDS");
        printCommands(out, root);
        out.println(".SH FILES");
        printItem(out, "~/.keysweep/contexts.yaml", "the services of 'keysweep login', with their secret keys");
        out.println(".SH EXIT STATUS");
        ExitCode.meanings().forEach((code, meaning) -> printItem(out, code.strip(), meaning));
        out.println(".SH ENVIRONMENT");
        printVariables(out);
        return ExitCode.DONE.number();
    }

    private static void printVariables(PrintStream out) {
        printItem(out, "KEYSWEEP_HOME", "the folder of the service's data and keys; default ~/.keysweep");
        printItem(out, "KEYSWEEP_REDIS_PASSWORD, KEYSWEEP_SENTINEL_PASSWORD", "passwords for the servers");
        printItem(
                out,
                "KEYSWEEP_ENDPOINT, KEYSWEEP_PROJECT_ID, KEYSWEEP_ACCESS_KEY, KEYSWEEP_SECRET_KEY",
                "the service and the key that the commands use; default those of the context");
        printItem(
                out,
                "KEYSWEEP_ENDPOINT_CA, KEYSWEEP_ENDPOINT_CERT, KEYSWEEP_ENDPOINT_KEY",
                "PEM files for TLS connections to the service; default those of the context");
        printItem(
                out,
                "KEYSWEEP_CONTEXT",
                "the context that the commands use; default that of 'keysweep context use', else the service in"
                        + " KEYSWEEP_HOME");
        printItem(out, "COLUMNS", "the width of help and progress; default that of the terminal, else 80");
        printItem(out, "KEYSWEEP_JAVA_OPTS", "more options for the JVM, separated by blanks");
    }

    /** Prints all commands below a command, each with its parameters and options, except hidden ones. */
    private static void printCommands(PrintStream out, CommandLine parent) {
        for (CommandLine command : parent.getSubcommands().values()) {
            CommandSpec commandSpec = command.getCommandSpec();
            if (commandSpec.usageMessage().hidden()) {
                continue;
            }
            out.println(".SS " + escape(commandSpec.qualifiedName()));
            out.println(".nf\n" + escape(command.getHelp().synopsis(0).stripTrailing()) + "\n.fi\n.PP");
            out.println(escape(String.join("\n", commandSpec.usageMessage().description())));
            for (PositionalParamSpec parameter : commandSpec.positionalParameters()) {
                printItem(out, parameter.paramLabel(), parameter.description());
            }
            for (OptionSpec option : commandSpec.options()) {
                if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
                    String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                    printItem(out, String.join(", ", option.names()) + label, option.description());
                }
            }
            printCommands(out, command);
        }
    }

    /** Prints a term with its explanation, each text on a new line. */
    private static void printItem(PrintStream out, String term, String... lines) {
        out.println(".TP\n.B " + escape(term));
        out.println(Arrays.stream(lines).map(ManualCommand::escape).collect(Collectors.joining("\n.br\n")));
    }

    /**
     * Removes picocli's markup from a text, and escapes what roff would read as an escape or as a request at the
     * beginning of a line. Also escapes the ASCII characters that roff shows as typographic ones in UTF-8, so that
     * readers can copy paths and commands.
     */
    private static String escape(String text) {
        String plainText = Help.Ansi.OFF.string(text.replace("%n", "\n").replace("%%", "%"));
        return plainText
                .replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("~", "\\(ti")
                .replace("^", "\\(ha")
                .replace("`", "\\(ga")
                .replace("'", "\\(aq")
                .replaceAll("(?m)^(?=\\.)", "\\\\&");
    }
}
