package io.keysweep.cli.help;

import io.keysweep.cli.shell.TextWidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Writes the usage of a command for narrow terminals: each name on a separate line, its description below. */
final class NarrowHelp {

    private static final String NO_INDENT = "";
    private static final String NAME_INDENT = "  ";
    private static final String DESCRIPTION_INDENT = "    ";

    private final int columns;
    private final List<String> lines = new ArrayList<>();

    private NarrowHelp(int columns) {
        this.columns = columns;
    }

    /** Returns the usage of a command in lines of at most {@code columns} columns. */
    static String text(CommandSpec command, int columns) {
        NarrowHelp help = new NarrowHelp(columns);
        help.add(command);
        return String.join(System.lineSeparator(), help.lines) + System.lineSeparator();
    }

    private void add(CommandSpec command) {
        UsageMessageSpec usage = command.usageMessage();
        wrap(NO_INDENT, "Usage: " + command.qualifiedName() + synopsis(command));
        Arrays.stream(usage.description()).forEach(line -> wrap(NO_INDENT, line));
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            addEntry(parameter.paramLabel(), parameter.description());
        }
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                addEntry(String.join(", ", option.names()) + value, option.description());
            }
        }
        if (!command.subcommands().isEmpty()) {
            wrap(NO_INDENT, "Commands:");
            command.subcommands().forEach(this::addSubcommand);
        }
        wrap(NO_INDENT, "Exit codes:");
        for (Map.Entry<String, String> code : usage.exitCodeList().entrySet()) {
            addEntry(code.getKey().strip(), code.getValue());
        }
        Arrays.stream(usage.footer()).forEach(line -> wrap(NO_INDENT, line));
    }

    /** Returns the text after the name of the command: options, parameters and subcommands, in short form. */
    private static String synopsis(CommandSpec command) {
        StringBuilder synopsis = new StringBuilder(command.options().isEmpty() ? "" : " [OPTIONS]");
        command.positionalParameters().forEach(parameter -> synopsis.append(' ').append(parameter.paramLabel()));
        return synopsis.append(command.subcommands().isEmpty() ? "" : " COMMAND")
                .toString();
    }

    /** Adds a subcommand with the first line of its description, unless it is hidden. */
    private void addSubcommand(String name, CommandLine subcommand) {
        UsageMessageSpec usage = subcommand.getCommandSpec().usageMessage();
        if (!usage.hidden()) {
            addEntry(name, Arrays.stream(usage.description()).limit(1).toArray(String[]::new));
        }
    }

    /** Adds a name and, below it, its description. */
    private void addEntry(String name, String... description) {
        wrap(NAME_INDENT, name);
        Arrays.stream(description).forEach(line -> wrap(DESCRIPTION_INDENT, line));
    }

    /**
     * Adds a text as lines that fit, each after the indent. Breaks the text at blanks. A word that is too long for a
     * line is broken anywhere.
     */
    private void wrap(String indent, String text) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : withoutMarkup(text).split(" ", -1)) {
            boolean isFirstWord = line.length() == indent.length();
            if (!isFirstWord && TextWidth.of(line.toString()) + 1 + TextWidth.of(word) > columns) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                isFirstWord = true;
            }
            String restOfWord = word;
            int room = Math.max(1, columns - indent.length());
            while (restOfWord.length() > room) {
                lines.add(indent + restOfWord.substring(0, room));
                restOfWord = restOfWord.substring(room);
            }
            line.append(isFirstWord ? "" : " ").append(restOfWord);
        }
        lines.add(line.toString().stripTrailing());
    }

    /** Returns a description without picocli's escapes and markup. */
    private static String withoutMarkup(String text) {
        return Help.Ansi.OFF.string(text.replace("%n", " ").replace("%%", "%"));
    }
}
