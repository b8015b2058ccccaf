package io.keysweep.benchmarks.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads CPU time and memory of the service's processes, from {@code /proc} of Linux and by the JDK's {@code jcmd}.
 *
 * <p>The class works on Linux only. Its methods throw an exception if the process has ended.
 */
public final class ProcessFigures {

    /** The unit of CPU times in /proc/PID/stat, which is 1/100 s on all usual Linux systems. */
    private static final double TICKS_PER_SECOND = 100;

    // Positions in /proc/PID/stat, counted from the third field; see proc_pid_stat(5).
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int CHILDREN_UTIME = 13;
    private static final int CHILDREN_STIME = 14;

    /** Finds the used memory of each generation in the output of {@code jcmd PID GC.heap_info}. */
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private ProcessFigures() {}

    /** Returns the CPU time of all threads of a process since its start, in seconds. */
    public static double cpuSeconds(long pid) throws IOException {
        List<Long> stat = stat(pid);
        return (stat.get(UTIME) + stat.get(STIME)) / TICKS_PER_SECOND;
    }

    /**
     * Returns the CPU time of a process and of its children, including children that have ended, in seconds. PostgreSQL
     * has a child for each connection.
     */
    public static double cpuSecondsWithChildren(long pid) throws IOException {
        List<Long> stat = stat(pid);
        double seconds = (stat.get(UTIME) + stat.get(STIME) + stat.get(CHILDREN_UTIME) + stat.get(CHILDREN_STIME))
                / TICKS_PER_SECOND;
        for (ProcessHandle child :
                ProcessHandle.of(pid).orElseThrow().children().toList()) {
            seconds += child.isAlive() ? cpuSeconds(child.pid()) : 0;
        }
        return seconds;
    }

    /** Reads the fields of {@code /proc/PID/stat} from the third on. A field that is not a number becomes 0. */
    private static List<Long> stat(long pid) throws IOException {
        String text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The second field is the program's name in parentheses and may itself contain spaces and parentheses.
        return Stream.of(text.substring(text.lastIndexOf(')') + 2).split(" "))
                .map(field -> field.matches("-?\\d{1,18}") ? Long.parseLong(field) : 0L)
                .toList();
    }

    /** Returns the resident memory of a process, in MiB. */
    public static double residentMb(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        }
    }

    /**
     * Runs a full garbage collection in another JVM, which must use the serial collector, and returns its used heap, in
     * MiB.
     */
    public static double usedHeapMb(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        long usedKib = 0;
        Matcher matcher = USED.matcher(jcmd(pid, "GC.heap_info"));
        while (matcher.find()) {
            usedKib += Long.parseLong(matcher.group(1));
        }
        return usedKib / 1024.0;
    }

    /** Runs {@code jcmd} on another JVM of the same user, and returns its output. */
    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
        return output;
    }
}
