package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Tests that {@code docs/command-reference.md} is what the definitions of the commands say. */
final class CommandReferenceTest {

    private static final Path DOCS = Path.of("..", "docs", "command-reference.md");
    private static final Path EXPECTED = Path.of("target", "command-reference.md");

    private static final String BEGIN = """
            # All commands and options

            This page is made from the help of the program; `./keysweep help COMMAND` shows the same. What the
            commands are for is in [command-line.md](command-line.md) and
            [command-line-service.md](command-line-service.md). Each command also has `--help` and `--version`.
            All but `server` have `--debug`, which shows the stack trace of a failure.

            """;

    @Test
    void page_ofAllCommands_equalsTheHelp() throws IOException {
        StringBuilder page = new StringBuilder(BEGIN);
        appendSubcommands(
                page,
                KeysweepCommand.commandLine(
                        new TestShell().with("COLUMNS", "100").context()));
        page.append("## Exit codes\n\n| exit code | meaning |\n| --- | --- |\n");
        ExitCode.meanings().forEach((code, meaning) -> page.append(row(code.strip(), meaning)));
        Files.writeString(EXPECTED, page);

        assertThat(Files.mismatch(DOCS, EXPECTED))
                .as("position of the first difference; copy cli/target/command-reference.md to docs")
                .isEqualTo(-1);
    }

    private static void appendSubcommands(StringBuilder page, CommandLine parent) {
        // An alias is another entry for the same command.
        for (CommandLine command : new LinkedHashSet<>(parent.getSubcommands().values())) {
            CommandSpec spec = command.getCommandSpec();
            if (!spec.usageMessage().hidden()) {
                append(page, command);
                appendSubcommands(page, command);
            }
        }
    }

    /** Appends the section of a command: its description, its synopsis, and a table of its arguments. */
    private static void append(StringBuilder page, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        page.append("## ").append(spec.qualifiedName()).append("\n\n");
        page.append(text(spec.usageMessage().description(), " ")).append("\n\n");
        page.append("```text\n").append(command.getHelp().synopsis(0).strip()).append("\n```\n\n");
        StringBuilder rows = new StringBuilder();
        spec.positionalParameters()
                .forEach(parameter ->
                        rows.append(row("`" + parameter.paramLabel() + "`", text(parameter.description(), "<br>"))));
        for (OptionSpec option : spec.options()) {
            boolean everywhere = option.usageHelp()
                    || option.versionHelp()
                    || option.longestName().equals("--debug");
            if (!option.hidden() && !everywhere) {
                String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                rows.append(
                        row("`" + String.join(", ", option.names()) + label + "`", text(option.description(), "<br>")));
            }
        }
        if (!rows.isEmpty()) {
            page.append("| argument or option | meaning |\n| --- | --- |\n")
                    .append(rows)
                    .append('\n');
        }
    }

    private static String row(String name, String meaning) {
        return "| " + name.replace("|", "\\|") + " | " + meaning.replace("|", "\\|") + " |\n";
    }

    /** Returns the lines of a description as Markdown, without the markup of picocli. */
    private static String text(String[] lines, String separator) {
        return Arrays.stream(lines)
                .map(line -> Help.Ansi.OFF.string(line.replace("%n", " ").replace("%%", "%")))
                .map(line -> line.strip().replace("*", "\\*").replace("<", "&lt;"))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining(separator));
    }
}
