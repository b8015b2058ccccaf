package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that help starts quickly: it must not load the classes of heavy libraries. */
final class HelpIT {

    @Test
    void help_inItsOwnProcess_loadsNoHeavyLibrary(@TempDir Path folder) throws Exception {
        Path classList = folder.resolve("classes");

        assertThat(run("-Xlog:class+load:file=" + classList, "--help")).contains("Usage: keysweep");

        assertThat(Files.readString(classList))
                .contains("io.keysweep.cli.KeysweepCommand")
                .doesNotContain("io.lettuce.")
                .doesNotContain("io.netty.")
                .doesNotContain("tools.jackson.")
                .doesNotContain("me.tongfei.")
                .doesNotContain("java.net.http.");
    }

    private static String run(String jvmOption, String argument) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        jvmOption,
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeysweepCommand.class.getName(),
                        argument))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
