package io.keysweep.benchmarks.light;

import io.keysweep.benchmarks.light.LightResult.Start;
import io.keysweep.benchmarks.service.ProcessFigures;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts a process as a user does, and measures the time until it answers or ends.
 *
 * @param command the program and its arguments
 * @param variables environment variables in addition to the variables of this process
 * @param output file for everything that the process writes
 */
record WholeProcess(List<String> command, Map<String, String> variables, Path output) {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

    /** Measures the time until the process has ended. */
    Start measureRun() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = start();
        int code = process.waitFor();
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        if (code != 0) {
            throw new IOException(command + " ended with " + code + ", see " + output);
        }
        return new Start(seconds, /* residentMb= */ null);
    }

    /**
     * Measures the time until the process answers an HTTP request, and its memory some time later. Ends the process.
     *
     * @param port port on which the process will listen
     * @param path path of a URL that needs no credentials; an answer with a status below 500 is enough
     * @param idle how long the process is left alone before its memory is read
     */
    Start measureService(int port, String path, Duration idle) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = start();
        try {
            while (!answers(port, path)) {
                if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT.toNanos()) {
                    throw new IOException(command + " does not answer, see " + output);
                }
                TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
            }
            double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
            TimeUnit.NANOSECONDS.sleep(idle.toNanos());
            return new Start(seconds, ProcessFigures.residentMb(process.pid()));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** Starts the process, whose output is appended to the file. */
    private Process start() throws IOException {
        File file = output.toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().putAll(variables);
        return builder.start();
    }

    /** Returns whether a process on this machine answers a request with a status below 500. */
    private static boolean answers(int port, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line != null && line.matches("HTTP/1\\.1 [1-4].*");
        } catch (IOException e) {
            return false;
        }
    }
}
