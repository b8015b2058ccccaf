package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Tests that the program's parser accepts every command in a block of shell code of the documentation. */
final class DocumentedCommandsTest {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(?:bash|console|sh)\\n(.*?)^ *```");

    /** The name of the program at the beginning of a command, and the words up to the end of that command. */
    private static final Pattern COMMAND =
            Pattern.compile("(?m)(?:^|[ (;])(?:\\./)?keysweep ((?:'[^']*'|\"[^\"]*\"|[^|;&<>)#'\"\\n])*)");

    private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

    @Test
    void commands_inTheDocumentation_areValid() throws IOException {
        CommandLine program = KeysweepCommand.commandLine(new TestShell().context());
        List<String> commands = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        for (Path page : pages()) {
            Matcher blocks = BLOCK.matcher(Files.readString(page));
            while (blocks.find()) {
                // A backslash continues a line, and a lone # begins a comment. In a command of a container program,
                // keysweep is the name of a container.
                String block = blocks.group(1)
                        .replace("\\\n", " ")
                        .replaceAll("(?m)(^|\\s)#\\s.*$", "")
                        .replaceAll("(?m)^ *(docker|podman|kubectl|skopeo) .*$", "");
                COMMAND.matcher(block)
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .forEach(command -> {
                            commands.add(command);
                            try {
                                program.parseArgs(words(command));
                            } catch (ParameterException e) {
                                refusals.add(page + ": keysweep " + command + ": " + e.getMessage());
                            }
                        });
            }
        }

        assertThat(refusals).isEmpty();
        assertThat(commands).hasSizeGreaterThan(60);
    }

    /** Returns the pages in the root folder of the repository and in {@code docs}. */
    private static List<Path> pages() throws IOException {
        Path root = Path.of("..");
        try (Stream<Path> top = Files.list(root);
                Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    /** Splits a command as a shell does, but without replacing anything. */
    private static String[] words(String command) {
        return WORD.matcher(command)
                .results()
                .map(word -> word.group().replaceAll("['\"]", ""))
                .toArray(String[]::new);
    }
}
