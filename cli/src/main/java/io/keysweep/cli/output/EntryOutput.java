package io.keysweep.cli.output;

import io.keysweep.cli.shell.CommandContext;
import io.keysweep.engine.text.ForeignText;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the entries that a command lists, gets or changes to standard output, in the form that {@code --output} names.
 *
 * <p>Commands include this class as a mixin, which defines the options. People read tables and lines of text, whose
 * control characters are escaped. Programs read the other forms.
 */
public final class EntryOutput {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            converter = OutputFormat.Converter.class,
            description = "table, wide (more columns), json, yaml, csv, name (only names) or id (only ids)."
                    + " Default: table")
    private @Nullable OutputFormat format;

    @Option(names = "--json", description = "the same as -o json")
    private boolean json;

    /**
     * Refuses {@code --json} together with another format, because one of the two would be ignored. Must be called
     * before the command does anything.
     *
     * @param parsed the command line that was given; commands without this mixin are ignored
     * @throws ParameterException if {@code --json} is given with another format
     */
    public static void requireOneFormat(ParseResult parsed) {
        for (CommandLine command : parsed.asCommandLineList()) {
            for (CommandSpec mixin : command.getCommandSpec().mixins().values()) {
                if (mixin.userObject() instanceof EntryOutput output
                        && output.json
                        && output.format != null
                        && output.format != OutputFormat.JSON) {
                    throw new ParameterException(
                            command,
                            "-o " + output.format.name().toLowerCase(Locale.ROOT)
                                    + " and --json exclude each other: give only one of them");
                }
            }
        }
    }

    /** Returns whether the output contains cells of the table: a table for people or CSV. */
    public boolean needsCells() {
        return isForPeople() || format() == OutputFormat.CSV;
    }

    /** Returns whether the format shows names, as cells or alone. */
    public boolean needsNames() {
        return needsCells() || isName();
    }

    /** Returns whether the output consists of names. */
    public boolean isName() {
        return format() == OutputFormat.NAME;
    }

    /** Returns whether the user has named no format, which means a table. */
    public boolean isDefault() {
        return format == null && !json;
    }

    private boolean isForPeople() {
        return format() == OutputFormat.TABLE || format() == OutputFormat.WIDE;
    }

    /** Writes a list. For people, an empty list is a message on standard error. */
    public <T> void writeList(CommandContext context, List<T> entries, Table<T> table) {
        writeList(context, entries, entries, table);
    }

    /**
     * Writes a list that is a part of a document, such as one page. For people, an empty list is a message on standard
     * error.
     *
     * @param document what JSON and YAML contain: a record
     */
    public <T> void writeList(CommandContext context, Object document, List<T> entries, Table<T> table) {
        if (isForPeople() && entries.isEmpty()) {
            context.err().println(table.empty());
            return;
        }
        boolean wide = format() == OutputFormat.WIDE;
        write(context, document, entries, table, rows -> TableText.table(table, rows, wide));
    }

    /**
     * Writes a single entry. For people, it is written as lines of text.
     *
     * @param lines converts the entry to lines of text
     */
    public <T> void writeOne(CommandContext context, T entry, Table<T> table, Function<T, List<String>> lines) {
        write(context, entry, List.of(entry), table, ignored -> lines.apply(entry));
    }

    /** Writes a single entry. For people, it is a table of one line. */
    public <T> void writeOne(CommandContext context, T entry, Table<T> table) {
        boolean wide = format() == OutputFormat.WIDE;
        writeOne(context, entry, table, row -> TableText.table(table, List.of(row), wide));
    }

    /**
     * Writes entries whose JSON and text differ from the JSON and text of a list.
     *
     * @param document the value that JSON and YAML contain: a record, a list of records or a JSON tree
     * @param entries the entries that CSV, names and ids contain
     * @param table columns, names and ids of the entries
     * @param forPeople converts the entries to lines of text, for a table
     */
    public <T> void write(
            CommandContext context,
            Object document,
            List<T> entries,
            Table<T> table,
            Function<List<T>, List<String>> forPeople) {
        switch (format()) {
            case TABLE, WIDE -> print(context, forPeople.apply(entries), ForeignText::line);
            // CSV values were already escaped before they were quoted.
            case CSV -> print(context, TableText.csv(table, entries), UnaryOperator.identity());
            case NAME -> print(context, entries.stream().map(table::name).toList(), ForeignText::line);
            case ID -> print(context, entries.stream().map(table::id).toList(), ForeignText::line);
            case JSON -> context.out().println(JsonMapper.builder().build().writeValueAsString(document));
            case YAML -> context.out().println(YamlText.of(document).stripTrailing());
        }
        context.out().flush();
    }

    private static void print(CommandContext context, List<String> lines, UnaryOperator<String> escape) {
        lines.forEach(line -> context.out().println(escape.apply(line)));
    }

    private OutputFormat format() {
        if (format != null) {
            return format;
        }
        return json ? OutputFormat.JSON : OutputFormat.TABLE;
    }
}
