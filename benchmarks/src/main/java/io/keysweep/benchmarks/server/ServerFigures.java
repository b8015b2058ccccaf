package io.keysweep.benchmarks.server;

import io.keysweep.testkit.RespClient;
import java.util.HashMap;
import java.util.Map;

/**
 * What INFO says in one of its sections.
 *
 * @param fields values by name
 */
public record ServerFigures(Map<String, String> fields) {

    public ServerFigures {
        fields = Map.copyOf(fields);
    }

    /** Asks for one section, for example {@code cpu}. */
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

    /** CPU time that the server has used since its start, s; all its threads, as INFO {@code cpu} has it. */
    public static double cpuSeconds(RespClient client) {
        ServerFigures cpu = of(client, "cpu");
        return cpu.number("used_cpu_user") + cpu.number("used_cpu_sys");
    }

    /** A field as a number; 0 where the server does not have it. */
    public double number(String field) {
        return Double.parseDouble(fields.getOrDefault(field, "0"));
    }
}
