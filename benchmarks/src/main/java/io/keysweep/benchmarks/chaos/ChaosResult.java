package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.service.CallLog;
import java.util.List;
import java.util.Map;

/**
 * Describes the JSON file that {@code dev/chaos} and {@code dev/chaos api} write. Its components are the fields of the
 * file.
 *
 * @param commandLine the command that repeats the run
 * @param at the end of the run, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the run took place
 * @param seed the seed of all random choices
 * @param seconds the duration without the start of the processes and without the final checks, s
 * @param injected how often each fault was injected, by {@link Fault#description}
 * @param found numbers that the run counted, by name, for example {@code scans created}
 * @param calls numbers and latencies of the API calls, one entry for each kind of call
 * @param errorsLogged how often each ERROR line occurs in the service's logs, by its text with ids and numbers removed
 * @param findings one sentence for each failed check; empty if all checks passed
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
