package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.contexts.ContextFile;
import io.keysweep.cli.contexts.SavedContext;
import io.keysweep.cli.contexts.SavedContexts;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests which contexts a login saves and replaces, and which context is shown as the one in use. */
final class LoginCommandTest {

    private static final String JSON = "application/json";

    private final TestShell shell = new TestShell();

    @TempDir
    private Path home;

    @BeforeEach
    void useHome() {
        shell.withHome(home);
    }

    @Test
    void login_sameServiceAndProject_replacesTheContext() throws InterruptedException {
        try (StubService service = StubService.answering(200, JSON, "[]")) {
            save("127.0.0.1", service.access().endpoint().toString(), "p");

            login(service, "p");

            assertThat(savedContexts().named("127.0.0.1").orElseThrow().secretKey())
                    .isEqualTo("new");
        }
    }

    @Test
    void login_otherServiceOfTheSameHost_isRefusedWithoutAName() {
        // Without --name, the name of the context is the host of the URL.
        try (StubService service = StubService.answering(200, JSON, "[]")) {
            save("127.0.0.1", "http://127.0.0.1:1", "p");

            assertThatThrownBy(() -> login(service, "p"))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("'127.0.0.1' already exists, for project 'p' at http://127.0.0.1:1:")
                    .hasMessageContaining("--name");
            assertThat(service.requests()).isEmpty();
            assertThat(savedContexts().named("127.0.0.1").orElseThrow().secretKey())
                    .isEqualTo("old");
        }
    }

    @Test
    void login_otherProjectOfTheSameService_isRefusedWithoutAName() throws InterruptedException {
        try (StubService service = StubService.answering(200, JSON, "[]")) {
            save("127.0.0.1", service.access().endpoint().toString(), "p");

            assertThatThrownBy(() -> login(service, "q")).hasMessageContaining("for project 'p'");
            login(service, "q", "--name=127.0.0.1");

            assertThat(savedContexts().contexts())
                    .singleElement()
                    .satisfies(context -> assertThat(context.projectId()).isEqualTo("q"));
        }
    }

    @Test
    void login_anotherLoginSavesAContextInBetween_keepsThatContext() throws InterruptedException {
        // While this login asks its question, another login saves a context.
        try (StubService service = StubService.answering(200, JSON, "[]")) {
            CommandContext context = shell.context();
            LoginCommand command = new LoginCommand(new CommandContext(
                    context.in(),
                    context.out(),
                    context.err(),
                    context.errIsTerminal(),
                    context.terminalColumns(),
                    context.environment(),
                    context.clock(),
                    context.passwords(),
                    question -> {
                        save("other", "http://h:1", "p");
                        return "q";
                    },
                    context.interruption()));
            CommandLine.populateCommand(
                    command, service.access().endpoint().toString(), "--access-key=ak", "--secret-key=new");

            command.call();

            assertThat(savedContexts().contexts().stream().map(SavedContext::name))
                    .containsExactly("other", "127.0.0.1");
        }
    }

    @Test
    void login_blankAnswer_isRefusedAsEmpty() {
        shell.withTypedLine(" ");

        assertThatThrownBy(() -> run("http://h:1")).hasMessageContaining("--project-id is empty");
    }

    @Test
    void login_noTerminal_namesOptionAndVariable() {
        assertThatThrownBy(() -> run("http://h:1"))
                .hasMessageContaining("--project-id is missing, and there is no terminal to ask on: give it, or set"
                        + " KEYSWEEP_PROJECT_ID");
    }

    @Test
    void list_variableNamesAContext_marksThatContext() {
        save("prod", "http://h:1", "p");
        shell.with("KEYSWEEP_CONTEXT", "local");

        context("list", "-o", "csv");

        assertThat(shell.out().lines().map(line -> line.split(",", -1)[0] + line.split(",", -1)[1]))
                .containsExactly("currentname", "*local", "prod");
    }

    @Test
    void use_variableNamesAnotherContext_saysThatTheVariableIsUsed() {
        save("prod", "http://h:1", "p");
        shell.with("KEYSWEEP_CONTEXT", "local");

        context("use", "prod");

        assertThat(shell.err())
                .contains("KEYSWEEP_CONTEXT is 'local' and takes precedence: commands use the context 'prod' once you"
                        + " unset it");
    }

    /** Logs in to a service with the secret key "new". */
    private void login(StubService service, String project, String... options) throws InterruptedException {
        String[] arguments = {
            service.access().endpoint().toString(), "--project-id=" + project, "--access-key=ak", "--secret-key=new"
        };
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of(options));
        run(words.toArray(String[]::new));
    }

    private void run(String... arguments) throws InterruptedException {
        LoginCommand command = new LoginCommand(shell.context());
        CommandLine.populateCommand(command, arguments);
        command.call();
    }

    /** Runs a subcommand of {@code keysweep context}, which must succeed. */
    private void context(String... arguments) {
        assertThat(ContextCommand.withSubcommands(shell.context()).execute(arguments))
                .isEqualTo(ExitCode.DONE.number());
    }

    /** Saves a context with the secret key "old" as the only one, and makes it the one in use. */
    private void save(String name, String endpoint, String project) {
        ContextFile.of(shell.context())
                .write(new SavedContexts(
                        name,
                        List.of(new SavedContext(
                                name,
                                endpoint,
                                project,
                                "ak",
                                "old",
                                /* ca= */ null,
                                /* certificate= */ null,
                                /* key= */ null))));
    }

    /** Returns the saved contexts. */
    private SavedContexts savedContexts() {
        return ContextFile.of(shell.context()).read();
    }
}
