package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.contexts.ContextFile;
import io.keysweep.cli.contexts.SavedContext;
import io.keysweep.cli.contexts.SavedContexts;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Checks that every command which deletes something asks first, and deletes nothing if it cannot ask. */
final class ConfirmationTest {

    /** The names of commands that delete something. */
    private static final Set<String> DELETING = Set.of("remove", "delete", "withdraw", "forget-raised");

    /** An id of the service, so that no command needs to ask the service for the id of a name. */
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path home;

    @Test
    void command_thatDeletes_withoutATerminal_demandsYes() {
        List<CommandSpec> commands = commands(KeysweepCommand.commandLine(shell().context()))
                .filter(command -> DELETING.contains(command.name()))
                .toList();
        assertThat(commands).hasSizeGreaterThan(8);

        assertThat(commands).allSatisfy(command -> {
            TestShell shell = shell();
            // Nothing listens on port 1: a command that asks nothing fails because of that.
            assertThat(execute(shell, words(command))).isEqualTo(ExitCode.USAGE.number());
            assertThat(shell.questions()).hasSize(1).allMatch(question -> question.endsWith("? [y/N] "));
            assertThat(shell.err()).contains("nothing was changed").contains("give --yes");
            assertThat(ContextFile.of(shell.context()).read().contexts()).hasSize(1);
        });
    }

    @Test
    void command_endOfTheInputInsteadOfAnAnswer_deletesNothing() {
        TestShell shell = shell().withTypedLine("");

        assertThat(execute(shell, List.of("context", "remove", ID))).isEqualTo(ExitCode.INTERRUPTED.number());

        assertThat(shell.err()).contains("nothing was changed, because the answer was not 'y'");
        assertThat(ContextFile.of(shell.context()).read().contexts()).hasSize(1);
    }

    @Test
    void command_withYes_asksNothing() {
        TestShell shell = shell();

        assertThat(execute(shell, List.of("context", "remove", ID, "--yes"))).isZero();

        assertThat(shell.questions()).isEmpty();
        assertThat(ContextFile.of(shell.context()).read().contexts()).isEmpty();
    }

    private static Stream<CommandSpec> commands(CommandLine parent) {
        return parent.getSubcommands().values().stream()
                .flatMap(command -> Stream.concat(Stream.of(command.getCommandSpec()), commands(command)));
    }

    /** Returns the words of a call: the names of the command, and an id for each of its arguments. */
    private static List<String> words(CommandSpec command) {
        List<String> words =
                new ArrayList<>(List.of(command.qualifiedName().split(" ", -1)).subList(1, 3));
        command.positionalParameters().forEach(argument -> words.add(ID));
        if (command.findOption("--endpoint") != null) {
            words.addAll(List.of("--endpoint=http://127.0.0.1:1", "--project-id=p", "--access-key=a"));
        }
        return words;
    }

    private static int execute(TestShell shell, List<String> words) {
        return KeysweepCommand.commandLine(shell.context()).execute(words.toArray(String[]::new));
    }

    /** Returns a shell without a terminal, in which one context is saved. */
    private TestShell shell() {
        TestShell shell = new TestShell().withHome(home).with("KEYSWEEP_SECRET_KEY", "s");
        ContextFile.of(shell.context())
                .write(new SavedContexts(
                        /* current= */ null,
                        List.of(new SavedContext(
                                ID,
                                "http://127.0.0.1:1",
                                "p",
                                "a",
                                "s",
                                /* ca= */ null,
                                /* certificate= */ null,
                                /* key= */ null))));
        return shell;
    }
}
