package io.keysweep.benchmarks.server;

import io.keysweep.testkit.RespClient;
import java.util.HashMap;
import java.util.Map;

/**
 * Provides the fields of one section of a server's INFO reply to benchmarks.
 *
 * @param fields the values by field name, for example {@code used_cpu_user}
 */
public record ServerFigures(Map<String, String> fields) {

    public ServerFigures {
        fields = Map.copyOf(fields);
    }

    /** Reads one section from a server, for example {@code cpu}. */
    public static ServerFigures of(RespClient client, String section) {
        Map<String, String> fields = new HashMap<>();
        client.callText("INFO", section).lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return new ServerFigures(fields);
    }

    /** Reads the CPU time of all threads of a server since its start, in seconds. */
    public static double cpuSeconds(RespClient client) {
        ServerFigures cpu = of(client, "cpu");
        return cpu.number("used_cpu_user") + cpu.number("used_cpu_sys");
    }

    /**
     * Returns a field as a number, or 0 if the server does not report it.
     *
     * @throws NumberFormatException if the field is not a number
     */
    public double number(String field) {
        return Double.parseDouble(fields.getOrDefault(field, "0"));
    }
}
