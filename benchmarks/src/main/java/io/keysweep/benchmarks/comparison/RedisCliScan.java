package io.keysweep.benchmarks.comparison;

import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs {@code redis-cli --scan} and discards its output.
 *
 * <p>SCAN makes the server remove the expired keys that it meets. The measured time includes the start of the program.
 *
 * @param count the value of {@code --count}, or 0 to omit the option, which makes the COUNT 10
 */
record RedisCliScan(int count) implements Contender {

    /** Returns the scan without the option {@code --count}. */
    static RedisCliScan withDefaultCount() {
        return new RedisCliScan(/* count= */ 0);
    }

    /** Returns the scan with the option {@code --count}, of which {@link #takesCount} must be true. */
    static RedisCliScan withCount(int count) {
        return new RedisCliScan(count);
    }

    /**
     * Returns whether {@code redis-cli} of this version has the option {@code --count}. Without the option the COUNT is
     * always 10.
     */
    static boolean takesCount(RedisVersion version) throws IOException, InterruptedException {
        Process help = new ProcessBuilder(version.cliBinary().toString(), "--help")
                .redirectErrorStream(true)
                .start();
        String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        help.waitFor();
        return text.contains("--count <");
    }

    @Override
    public String name() {
        return count == 0 ? "redis-cli" : "redis-cli " + count;
    }

    @Override
    public String description() {
        return "redis-cli --scan" + (count == 0 ? "" : " --count " + count) + " > /dev/null";
    }

    @Override
    public Coverage coverage() {
        return Coverage.WHOLE;
    }

    @Override
    public Run run(PlantedServer server, ComparisonRound round) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(server.version().cliBinary().toString(), "-p", Integer.toString(server.port()), "--scan"));
        if (count > 0) {
            command.addAll(List.of("--count", Integer.toString(count)));
        }
        int exit = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + exit);
        }
        return new Run(server.size().total(), /* counted= */ null);
    }
}
