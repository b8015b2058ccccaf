package io.keysweep.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that {@code dev/newcomer} runs the blocks of a page in one shell and reports the blocks that fail.
 *
 * <p>This script runs the command blocks of a documentation page as a newcomer would.
 */
class NewcomerTest {

    @TempDir
    Path folder;

    @Test
    void blocks_ofOnePage_shareAShellAndAHomeFolder() throws Exception {
        Outcome outcome = run("""
                # A page

                ```bash
                sum=$((40 + 2))
                touch ~/ready
                ```

                <!-- newcomer: expect ^the sum is [0-9]+$ -->
                ```bash
                test -e ~/ready && echo "the sum is $sum"
                ```
                """);

        assertThat(outcome.output()).endsWith("2 blocks, 0 failed\n");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void blockThatFails_isShownWithLineCommandAndOutput_andTheNextBlockRuns() throws Exception {
        Outcome outcome = run("""
                ```bash
                echo first
                false
                echo last
                ```

                <!-- newcomer: expect never -->
                ```bash
                echo otherwise
                ```

                <!-- newcomer: skip it would end the shell -->
                ```bash
                exit 1
                ```

                ```bash
                echo done
                ```
                """);

        assertThat(outcome.output())
                .contains("page.md:2: line 3: false (exit code 1)\n    first\n    last\n")
                .contains("page.md:9: the output does not match never\n    otherwise\n")
                .contains("page.md:14: not run: it would end the shell\n")
                .endsWith("3 blocks, 2 failed\n");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void block_inTheBackground_runsUntilThePageEnds() throws Exception {
        Outcome outcome = run("""
                <!-- newcomer: background ready -->
                ```bash
                touch ~/ready; exec sleep 1000
                ```

                ```bash
                test -e ~/ready
                ```
                """);

        assertThat(outcome.output()).endsWith("2 blocks, 0 failed\n");
    }

    @Test
    void blockThatEndsTheShell_fails_andSoDoAllBlocksAfterIt() throws Exception {
        Outcome outcome = run("```bash\nexit 3\n```\n\n```bash\necho unreached\n```\n");

        assertThat(outcome.output())
                .contains("page.md:2: exit 3: did not end, or was not reached (exit code 3)")
                .endsWith("2 blocks, 2 failed\n");
    }

    /** Runs the script on a page with this text. */
    private Outcome run(String page) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("page.md"), page);
        Path output = folder.resolve("output");
        int code = new ProcessBuilder("../dev/newcomer", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        return new Outcome(code, Files.readString(output));
    }

    /**
     * Contains the result of a run of the script.
     *
     * @param code the exit code
     * @param output standard output and standard error together
     */
    private record Outcome(int code, String output) {}
}
