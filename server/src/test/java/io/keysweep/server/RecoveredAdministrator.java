package io.keysweep.server;

import io.keysweep.server.TestService.Credentials;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs {@code keysweep server recover-admin} as a process, and holds what it has printed.
 *
 * @param output everything that the process printed
 * @param failure the output of a process that failed, else empty
 */
public record RecoveredAdministrator(String output, String failure) {

    private static final Pattern KEY = Pattern.compile(
            "project id +([0-9a-f]{32})\\s+access key +([A-Z0-9]{20})\\s+secret key +([A-Za-z0-9]{40})");

    /** Runs the command with environment variables, and waits until it ends. */
    public static RecoveredAdministrator run(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.keysweep.server.ServerMain",
                "recover-admin"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectInput(new File("/dev/null"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new RecoveredAdministrator(output, process.waitFor() == 0 ? "" : output);
    }

    /** Returns the key that the command has shown. */
    public Credentials credentials() {
        Matcher key = KEY.matcher(output);
        if (!key.find()) {
            throw new IllegalStateException(output);
        }
        return new Credentials(key.group(1), key.group(2), key.group(3));
    }
}
