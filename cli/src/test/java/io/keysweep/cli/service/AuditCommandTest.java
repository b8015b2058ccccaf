package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.audit.AuditLine;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the requests and the output of {@code keysweep audit}, and the verification of a file. */
final class AuditCommandTest {

    private static final String JSON = "application/json";

    private static final AuditLine ENTRY_4 = entry(4, AuditLine.NO_HASH);
    private static final AuditLine ENTRY_5 = entry(5, ENTRY_4.hash());

    private final TestShell shell = new TestShell();
    private final FailureRecorder failures = new FailureRecorder();

    @TempDir
    private Path folder;

    @Test
    void list_withFilters_sendsThemAndShowsATable() {
        String page = "{\"entries\":[" + entry(7, AuditLine.NO_HASH).line() + "],\"next\":7}";
        try (StubService service = StubService.answering(200, JSON, page)) {
            assertThat(run(service, "list", "--actor=AK", "--outcome=done", "--from=2026-01-01T00:00:00+01:00"))
                    .isZero();
            assertThat(service.onlyRequest().path())
                    .isEqualTo("/api/v1/audit?from=2026-01-01T00%3A00%3A00%2B01%3A00&actor=AK&outcome=done");
            assertThat(shell.out().lines())
                    .containsExactly(
                            "NUMBER  TIME                  ACTOR     ADDRESS   OPERATION       RESOURCE             OUTCOME"
                                    + "  CHANGES                         REASON  NOTE",
                            "7       2026-01-01T00:00:00Z  token AK  10.0.0.1  changeInstance  instance i (orders)  200    "
                                    + "  instance: {name=a} -> {name=b}  -       -");
        }
    }

    @ParameterizedTest
    @CsvSource({"orders, i-1", "webhook, webhook"})
    void list_ofAResource_replacesTheNameOfAnInstanceByItsId(String resource, String id) {
        StubService.Answer entries = new StubService.Answer(200, JSON, "{\"entries\":[]}");
        try (StubService service = StubService.answeringInTurn(StubService.INSTANCES, entries)) {
            assertThat(run(service, "list", "--resource", resource)).isZero();

            assertThat(service.requests().getLast().path()).isEqualTo("/api/v1/audit?resource=" + id);
        }
    }

    @ParameterizedTest
    @CsvSource({"name, 7", "id, 7", "json, '{\"entries\":[{\"sequence\":7,'"})
    void list_inAnotherFormat_hasThatFormat(String format, String beginning) {
        String page = "{\"entries\":[" + entry(7, AuditLine.NO_HASH).line() + "],\"next\":7}";
        try (StubService service = StubService.answering(200, JSON, page)) {
            assertThat(run(service, "list", "-o", format)).isZero();
            assertThat(shell.out()).startsWith(beginning);
        }
    }

    @Test
    void list_withoutEntries_saysSo() {
        try (StubService service = StubService.answering(200, JSON, "{\"entries\":[]}")) {
            assertThat(run(service, "list", "--project=0a1b2c3d4e5f60718293a4b5c6d7e8f9"))
                    .isZero();
            assertThat(service.onlyRequest().path()).endsWith("?project=0a1b2c3d4e5f60718293a4b5c6d7e8f9");
            assertThat(shell.out()).isEmpty();
            assertThat(shell.err()).contains("The audit log has no such entries.");
        }
    }

    @Test
    void verify_serviceFindsAProblem_fails() {
        String broken = "{\"intact\":false,\"entries\":2,\"first\":1,\"last\":3,\"head\":\"h\",\"publicKey\":\"k\","
                + "\"problems\":[{\"sequence\":2,\"problem\":\"is missing\"}],\"omittedProblems\":0}";
        try (StubService service = StubService.answering(200, JSON, broken)) {
            assertThat(run(service, "verify", "--head=1:ab")).isEqualTo(ExitCode.FAILED.number());
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/audit/verify?head=1%3Aab");
            assertThat(shell.out().lines())
                    .contains("entry 2 is missing", "NOT INTACT: 2 entries, 1 to 3", "public key  k");
        }
    }

    @Test
    void verify_ofAFile_needsNoService() throws IOException {
        Path file = file(ENTRY_4.line(), ENTRY_5.line());

        assertThat(verify(file)).isZero();
        assertThat(shell.out())
                .contains("intact: 2 entries, 4 to 5", "head        5:" + ENTRY_5.hash(), "signatures  not verified");
    }

    /** A head is the number and the hash of an entry that somebody has noted earlier. */
    @Test
    void verify_fileWithoutTheHead_fails() throws IOException {
        Path file = file(ENTRY_4.line(), ENTRY_5.line());

        assertThat(verify(file, "--head=5:" + ENTRY_5.hash())).isZero();

        assertThat(verify(file, "--head=6:" + ENTRY_5.hash())).isEqualTo(ExitCode.FAILED.number());
        assertThat(shell.out()).contains("entry 6 with the given hash is not in the file");

        assertThat(verify(file, "--head=five")).isEqualTo(FailureRecorder.THREW);
        assertThat(failures.latest()).isInstanceOf(CommandFailure.class).hasMessageContaining("--head is 'five'");
    }

    @Test
    void verify_fileWithAChangedEntry_fails() throws IOException {
        Path file = file(ENTRY_4.line().replace("orders", "others"), ENTRY_5.line());

        assertThat(verify(file)).isEqualTo(ExitCode.FAILED.number());
        assertThat(shell.out()).contains("entry 4 was changed");
    }

    @Test
    void verify_fileWithLinesThatAreNoEntries_fails() throws IOException {
        assertThat(verify(file("not an entry"))).isEqualTo(FailureRecorder.THREW);
        assertThat(failures.latest()).hasMessageContaining("has no entry of an audit log");

        assertThat(verify(file(ENTRY_4.line(), "not an entry"))).isEqualTo(ExitCode.FAILED.number());
        assertThat(shell.out()).contains("line 2 is not an entry");
    }

    @Test
    void export_ofEntries_writesTheLinesAsTheyCome() throws IOException {
        Path file = folder.resolve("export.jsonl");
        String lines = entry(1, AuditLine.NO_HASH).line() + "\n";
        // The stub has only one answer, so the second page repeats the first. The command must still end.
        try (StubService service = StubService.answering(200, "application/x-ndjson", lines)) {
            assertThat(run(service, "export", file.toString())).isZero();
            assertThat(Files.readString(file)).isEqualTo(lines);
            assertThat(shell.err()).contains("1 entry written to " + file);
        }
    }

    @Test
    void export_readerClosesThePipe_readsNoFurtherPage() {
        // Each write to the pipe fails, as after "keysweep audit export | head -1".
        PrintStream closedPipe = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                /* autoFlush= */ true,
                StandardCharsets.UTF_8);
        CommandContext context = shell.context();
        CommandContext pipedContext = new CommandContext(
                context.in(),
                closedPipe,
                context.err(),
                context.errIsTerminal(),
                context.terminalColumns(),
                context.environment(),
                context.clock(),
                context.passwords(),
                context.answers(),
                context.interruption());
        String lines = entry(1, AuditLine.NO_HASH).line() + "\n";

        try (StubService service = StubService.answering(200, "application/x-ndjson", lines)) {
            assertThat(AuditCommand.withSubcommands(pipedContext).execute(service.arguments("export")))
                    .isZero();
            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/audit/export?after=0");
        }
    }

    @Test
    void export_thatFails_leavesNoFile() throws IOException {
        Path file = folder.resolve("export.jsonl");
        try (StubService service = StubService.answering(200, "application/x-ndjson", "not an entry\n")) {
            assertThat(run(service, "export", file.toString())).isNotZero();
        }

        assertThat(folder).isEmptyDirectory();

        String lines = entry(1, AuditLine.NO_HASH).line() + "\n";
        try (StubService service = StubService.answering(200, "application/x-ndjson", lines)) {
            assertThat(run(service, "export", file.toString())).isZero();
        }

        assertThat(folder).isDirectoryContaining("glob:**/export.jsonl");
    }

    @Test
    void export_toAFileThatCannotBeWritten_saysWhy() throws IOException {
        Path existing = Files.writeString(folder.resolve("existing"), "of the user");
        try (StubService service = StubService.answering(200, "application/x-ndjson", "")) {
            assertThat(failureOf(service, "export", existing.toString()))
                    .hasMessageContaining("existing' already exists: give another name");
            assertThat(failureOf(service, "export", folder.resolve("none/file").toString()))
                    .hasMessageContaining("file' cannot be written: its folder does not exist");
        }

        assertThat(existing).hasContent("of the user");
    }

    /** Runs a subcommand of {@code keysweep audit}, and returns its exit code or {@link FailureRecorder#THREW}. */
    private int run(StubService service, String... arguments) {
        return AuditCommand.withSubcommands(shell.context())
                .setExecutionExceptionHandler(failures)
                .execute(service.arguments(arguments));
    }

    /** Runs a command that must fail, and returns its exception. */
    private @Nullable Exception failureOf(StubService service, String... arguments) {
        assertThat(run(service, arguments)).isEqualTo(FailureRecorder.THREW);
        return failures.latest();
    }

    /** Returns an entry of the log; {@code previous} is the hash of the entry before it. */
    private static AuditLine entry(long sequence, String previous) {
        String content = "{\"sequence\":" + sequence + ",\"time\":\"2026-01-01T00:00:00.000001Z\",\"actor\":{\"kind\":"
                + "\"token\",\"id\":\"AK\"},\"address\":\"10.0.0.1\",\"operation\":\"changeInstance\",\"resource\":"
                + "{\"kind\":\"instance\",\"id\":\"i\",\"name\":\"orders\"},\"changes\":[{\"resource\":{\"kind\":"
                + "\"instance\"},\"before\":{\"name\":\"a\"},\"after\":{\"name\":\"b\"}}],\"status\":200,"
                + "\"previous\":\"" + previous + "\"}";
        return new AuditLine(content, AuditLine.hashOf(content), "c2lnbmF0dXJl");
    }

    /** Writes the lines to a file that replaces an earlier one. */
    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("audit.jsonl"), String.join("\n", lines) + "\n");
    }

    /** Verifies a file without any service, and returns the exit code. */
    private int verify(Path file, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(0, List.of("verify", file.toString()));
        return AuditCommand.withSubcommands(shell.context())
                .setExecutionExceptionHandler(failures)
                .execute(arguments.toArray(new String[0]));
    }
}
