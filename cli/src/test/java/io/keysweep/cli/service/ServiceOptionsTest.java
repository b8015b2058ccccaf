package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.contexts.ContextFile;
import io.keysweep.cli.contexts.SavedContext;
import io.keysweep.cli.contexts.SavedContexts;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Tests where a command finds the address and the access key of the service.
 *
 * <p>They are in its options, the environment, the context in use, or files of a service on this machine.
 */
final class ServiceOptionsTest {

    private final TestShell shell = new TestShell();
    private final Path home;

    ServiceOptionsTest(@TempDir Path home) {
        this.home = home;
    }

    @BeforeEach
    void useHome() {
        shell.withHome(home);
    }

    @Test
    void resolve_serviceOnThisMachine_isFoundByItsFiles() throws IOException {
        writeFiles();

        assertThat(resolve())
                .isEqualTo(new ServiceAccess(
                        URI.create("http://127.0.0.1:4711"), "filed-project", "filed-ak", "filed-sk"));
    }

    @Test
    void resolve_environment_overridesFiles() throws IOException {
        writeFiles();
        shell.with("KEYSWEEP_ENDPOINT", "https://keysweep.example/")
                .with("KEYSWEEP_PROJECT_ID", "p")
                .with("KEYSWEEP_ACCESS_KEY", "ak")
                .with("KEYSWEEP_SECRET_KEY", "sk");

        assertThat(resolve()).isEqualTo(new ServiceAccess(URI.create("https://keysweep.example"), "p", "ak", "sk"));
    }

    /**
     * The line end is removed, because a variable from a file often has it, for example from a secret of Kubernetes.
     */
    @Test
    void resolve_variablesWithLineEnds_areUsedWithoutThem() {
        shell.with("KEYSWEEP_ENDPOINT", "https://keysweep.example\n")
                .with("KEYSWEEP_PROJECT_ID", "p\n")
                .with("KEYSWEEP_ACCESS_KEY", "ak\n")
                .with("KEYSWEEP_SECRET_KEY", " sk\r\n");

        assertThat(resolve()).isEqualTo(new ServiceAccess(URI.create("https://keysweep.example"), "p", "ak", "sk"));
    }

    @Test
    void resolve_context_overridesFilesButNotTheEnvironment() throws IOException {
        writeFiles();
        ContextFile.of(shell.context())
                .write(new SavedContexts(
                        "prod",
                        List.of(
                                context("prod", "https://prod:1", "p", "ak", "sk", "/ca.pem"),
                                context("test", "http://test:2", "q", "ak2", "sk2", /* ca= */ null))));
        shell.with("KEYSWEEP_ACCESS_KEY", "other");

        assertThat(resolve())
                .isEqualTo(new ServiceAccess(
                        URI.create("https://prod:1"),
                        "p",
                        "other",
                        "sk",
                        new ServiceTls(Path.of("/ca.pem"), /* certificate= */ null, /* key= */ null)));
        assertThat(resolve("--context=test", "--project-id=r"))
                .isEqualTo(new ServiceAccess(URI.create("http://test:2"), "r", "other", "sk2"));
        assertThat(resolve("--context=local").endpoint()).isEqualTo(URI.create("http://127.0.0.1:4711"));
        assertUsageError("there is no context 'nosuch'", "--context=nosuch");
    }

    @Test
    void resolve_options_overrideTheEnvironment() throws IOException {
        writeFiles();
        shell.with("KEYSWEEP_ENDPOINT", "http://other:1").with("KEYSWEEP_ACCESS_KEY", "other");

        assertThat(resolve("--endpoint=http://h:2", "--project-id=p", "--access-key=ak", "--secret-key=sk"))
                .isEqualTo(new ServiceAccess(URI.create("http://h:2"), "p", "ak", "sk"));
    }

    @Test
    void resolve_noValueAnywhere_namesOptionAndVariable() {
        assertUsageError("--endpoint is missing: KEYSWEEP_ENDPOINT is not set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "just a text",
                "current: prod",
                // The secret key is missing.
                "{current: prod, contexts: [{name: prod, endpoint: 'http://h', projectId: p, accessKey: a}]}",
                "{current: prod, contexts: [{name: prod, endpoint: 'http://h', projectId: p, accessKey: a,"
                        + " secretKey: ''}]}"
            })
    void resolve_brokenFileOfContexts_isRefused(String content) throws IOException {
        writeFiles();
        Path contexts = Files.writeString(home.resolve("contexts.yaml"), content);
        Files.setPosixFilePermissions(contexts, PosixFilePermissions.fromString("rw-------"));

        assertUsageError("contexts.yaml is not a file of contexts as 'keysweep login' writes it");
    }

    /**
     * The exit code is the same as for {@code credentials} of a service that another user has started.
     *
     * <p>The root user may read every file. This file has no contexts, so a command of root finds the service by the
     * service's own files.
     */
    @Test
    void resolve_fileOfContextsWithoutPermission_isDenied() throws IOException {
        writeFiles();
        Path contexts = Files.writeString(home.resolve("contexts.yaml"), "{current: null, contexts: []}");
        Files.setPosixFilePermissions(contexts, PosixFilePermissions.fromString("-w-------"));

        if (Files.isReadable(contexts)) {
            assertThat(resolve().endpoint()).isEqualTo(URI.create("http://127.0.0.1:4711"));
            return;
        }
        assertThatThrownBy(() -> resolve())
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.DENIED))
                .hasMessageContaining("cannot read " + contexts + ": permission denied");
    }

    @Test
    void resolve_endpointFileWithoutLineEnd_isIgnored() throws IOException {
        writeFiles();
        Files.writeString(home.resolve("endpoint"), "http://127.0.0.1:47");

        assertUsageError("--endpoint is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:8379",
                "ftp://h",
                "http://h/path",
                "http://h?q",
                "http://",
                "http://a b",
                "//h",
                "http:h",
                "http://h#f",
                "http://h:0",
                "http://h:65536"
            })
    void resolve_notAnEndpoint_isRefused(String endpoint) throws IOException {
        writeFiles();

        assertUsageError("the endpoint is", "--endpoint=" + endpoint);
    }

    @Test
    void resolve_endpointWithAPassword_isRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> resolve("--endpoint=http://user:s3cret@h"))
                .hasMessageContaining("the endpoint is '***@h', must be http(s)://HOST[:PORT]")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--endpoint", "--project-id", "--access-key", "--secret-key", "--context"})
    void resolve_emptyOption_isNotTakenFromElsewhere(String option) throws IOException {
        writeFiles();

        assertUsageError(option + " is empty", option + "=");
    }

    @Test
    void toString_ofAccess_hidesTheSecret() throws IOException {
        writeFiles();

        assertThat(resolve().toString()).doesNotContain("filed-sk");
    }

    /** Returns a context without a client certificate. */
    private static SavedContext context(
            String name, String endpoint, String projectId, String accessKey, String secretKey, @Nullable String ca) {
        return new SavedContext(
                name, endpoint, projectId, accessKey, secretKey, ca, /* certificate= */ null, /* key= */ null);
    }

    private void assertUsageError(String words, String... arguments) {
        assertThatThrownBy(() -> resolve(arguments))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(words);
    }

    private ServiceAccess resolve(String... arguments) {
        return CommandLine.populateCommand(new ServiceOptions(), arguments).resolve(shell.context());
    }

    /** Writes the files with which a running service tells commands of the same user its address and key. */
    private void writeFiles() throws IOException {
        Files.writeString(home.resolve("endpoint"), "http://127.0.0.1:4711\n");
        Files.writeString(
                home.resolve("credentials"), "project_id=filed-project\naccess_key=filed-ak\nsecret_key=filed-sk\n");
    }
}
