package io.keysweep.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Contains the exit code and output of a service process that ends by itself, because it refuses to start or runs a
 * single command.
 *
 * @param exitCode the exit code of the process
 * @param output everything that the process printed, including errors
 */
public record ServiceExit(int exitCode, String output) {

    /** The exit code after a failure that may pass. systemd repeats a start that ends with it. */
    public static final int FAILED = 1;

    /** The exit code for a setting or a file that somebody must correct. systemd does not repeat such a start. */
    public static final int WRONG_SETTINGS = 2;

    /**
     * Starts the service under conditions in which it must refuse to start, and waits until the process ends. Waits
     * forever if the service does start.
     *
     * @param home the home folder of the service
     * @param variables environment variables in addition to the variables of this process. Without {@code
     *     KEYSWEEP_SERVER_PORT}, the service listens on a free port
     */
    public static ServiceExit ofRefusedStart(Path home, Map<String, String> variables)
            throws IOException, InterruptedException {
        boolean hasPort = variables.containsKey("KEYSWEEP_SERVER_PORT");
        return run(hasPort ? List.of() : ServiceProcess.SERVER_ARGUMENTS, home, variables);
    }

    /**
     * Runs {@code keysweep server recover-admin}, and waits until the process ends.
     *
     * @param home the home folder of the service
     * @param variables environment variables in addition to the variables of this process
     */
    public static ServiceExit ofRecoverAdmin(Path home, Map<String, String> variables)
            throws IOException, InterruptedException {
        return run(List.of("recover-admin"), home, variables);
    }

    private static ServiceExit run(List<String> arguments, Path home, Map<String, String> variables)
            throws IOException, InterruptedException {
        Process process = ServiceProcess.run(
                ServiceJvm.packagedOrClasses(), arguments, home, variables, ProcessBuilder.Redirect.PIPE);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new ServiceExit(process.waitFor(), output);
    }
}
