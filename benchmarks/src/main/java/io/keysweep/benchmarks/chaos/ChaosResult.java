package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.service.CallLog;
import java.util.List;
import java.util.Map;

/**
 * Holds the results of a run of {@code dev/chaos}; its components are the fields of the JSON file.
 *
 * @param commandLine the command that repeats the run
 * @param at the time of the end, ISO 8601
 * @param machine the machine of the run
 * @param seed the seed of all random choices
 * @param seconds the duration without the start of the processes, s
 * @param injected how often each fault was injected, by its description
 * @param found counted records, by name
 * @param calls figures of the API calls, by kind
 * @param errorsLogged how often each ERROR line occurs in the service's logs, by text
 * @param findings what was wrong; empty if nothing was
 */
record ChaosResult(
        String commandLine,
        String at,
        Machine machine,
        long seed,
        double seconds,
        Map<String, Integer> injected,
        Map<String, Long> found,
        List<CallLog.Calls> calls,
        Map<String, Integer> errorsLogged,
        List<String> findings) {}
