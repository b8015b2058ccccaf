package io.keysweep.benchmarks.capacity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What other processes of this machine take, as Linux tells it. */
final class ProcessFigures {

    private static final double TICKS_A_SECOND = 100;
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int CHILDREN_UTIME = 13;
    private static final int CHILDREN_STIME = 14;
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private ProcessFigures() {}

    /** CPU time of a process, s. */
    static double cpuSeconds(long pid) throws IOException {
        List<Long> stat = stat(pid);
        return (stat.get(UTIME) + stat.get(STIME)) / TICKS_A_SECOND;
    }

    /** CPU time of a process, of its children and of those that have ended, s. */
    static double cpuSecondsWithChildren(long pid) throws IOException {
        List<Long> stat = stat(pid);
        double own = (stat.get(UTIME) + stat.get(STIME) + stat.get(CHILDREN_UTIME) + stat.get(CHILDREN_STIME))
                / TICKS_A_SECOND;
        for (ProcessHandle child :
                ProcessHandle.of(pid).orElseThrow().children().toList()) {
            own += child.isAlive() ? cpuSeconds(child.pid()) : 0;
        }
        return own;
    }

    /** The fields from the third on, behind the name. */
    private static List<Long> stat(long pid) throws IOException {
        String text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return Stream.of(text.substring(text.lastIndexOf(')') + 2).split(" "))
                .map(field -> field.matches("-?\\d{1,18}") ? Long.parseLong(field) : 0L)
                .toList();
    }

    /** Memory that is resident, MB. */
    static double residentMb(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        }
    }

    /** Heap that is in use after a full collection, MB; of a JVM with the serial collector. */
    static double usedHeapMb(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        long used = 0;
        Matcher matcher = USED.matcher(jcmd(pid, "GC.heap_info"));
        while (matcher.find()) {
            used += Long.parseLong(matcher.group(1));
        }
        return used / 1024.0;
    }

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
