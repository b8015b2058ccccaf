package io.keysweep.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how the quickstart finds a Redis or Valkey program, or downloads one. */
final class RedisProgramTest {

    private final TestShell shell = new TestShell();
    private final Path folder;

    RedisProgramTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** The last column is whether DEBUG needs an option of the server, as it does since version 7. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 | 7.0.15 | true",
                "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 | 6.0.16 | false",
                "Valkey server v=9.1.2 sha=00000000:0 malloc=jemalloc-5.3.0 | 9.1.2 | true"
            })
    void parse_versionText_hasNameAndVersion(String text, String version, boolean guardsDebug) {
        assertThat(RedisProgram.parse("/bin/x", "server", text)).hasValueSatisfying(program -> {
            assertThat(program.name()).isEqualTo("server " + version);
            assertThat(program.guardsDebug()).isEqualTo(guardsDebug);
        });
    }

    @Test
    void parse_anythingElse_isNoServer() {
        assertThat(RedisProgram.parse("/bin/x", "server", "usage: x")).isEmpty();
    }

    @Test
    void find_tooOldBrokenAndNewOnThePath_returnsTheNew() throws Exception {
        writeProgram("old/redis-server", "echo 'Redis server v=5.0.3 sha=0'");
        writeProgram("broken/redis-server", "exit 1");
        Path installedProgram = writeProgram("new/valkey-server", "echo 'Valkey server v=8.1.1 sha=0'");
        shell.with("PATH", folder + "/old:" + folder + "/broken:" + folder + "/new:/bin:/usr/bin");

        assertThat(find())
                .isEqualTo(new RedisProgram(installedProgram.toString(), "valkey-server 8.1.1", /* major= */ 8));
    }

    @Test
    void find_noneInstalled_fetchesAProgram() throws Exception {
        Path fetchedProgram = writeProgram("cache/redis-server", "echo 'Redis server v=7.0.15 sha=0'");
        // The script knows the path of the program only after it has fetched it.
        writeProgram(
                "dev/redis-servers",
                "case $1 in path) test -e \"$0.done\" && echo " + fetchedProgram
                        + ";; install) echo fetching 7.0; : >\"$0.done\";; esac");
        shell.with("PATH", "/nowhere").with("KEYSWEEP_ROOT", folder.toString());

        assertThat(find())
                .isEqualTo(new RedisProgram(fetchedProgram.toString(), "redis-server 7.0.15", /* major= */ 7));
        assertThat(shell.err()).contains("fetching 7.0");
    }

    @Test
    void find_noneInstalledAndNoFetcher_failsWithAdvice() {
        shell.with("PATH", "/nowhere");

        assertThatThrownBy(this::find)
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("install one")
                .hasMessageContaining("--redis URI");
    }

    @Test
    void find_fetchingFails_isReported() throws Exception {
        writeProgram("dev/redis-servers", "exit 1");
        shell.with("PATH", "/nowhere").with("KEYSWEEP_ROOT", folder.toString());

        assertThatThrownBy(this::find).isInstanceOf(CommandFailure.class).hasMessageContaining("could be fetched");
    }

    private RedisProgram find() throws InterruptedException {
        return RedisProgram.find(shell.context(), new ExternalPrograms(shell.context()));
    }

    /** Writes a shell script as an executable program. */
    private Path writeProgram(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
