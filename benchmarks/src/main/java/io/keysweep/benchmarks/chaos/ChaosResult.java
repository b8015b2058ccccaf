package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.service.CallLog;
import java.util.List;
import java.util.Map;

/**
 * All of a run, as its file has it.
 *
 * @param commandLine how to do it again
 * @param at when it ended, ISO 8601
 * @param machine where
 * @param seed of the order of faults and of the choices
 * @param seconds how long it took, without the start
 * @param injected how often each fault was done
 * @param found what there was to count, by name
 * @param calls by kind
 * @param errorsLogged lines of the services' logs that say ERROR, by text
 * @param findings what was wrong; none if all is well
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
