package io.keysweep.api;

import java.time.Instant;
import java.util.List;

/**
 * Reports what one process of the service does and whether it is alive; {@code GET /api/v1/workers} returns it.
 *
 * @param id id of the process; every start of a process has a new id
 * @param host host name of the machine
 * @param pid process id of the operating system
 * @param roles work that the process does: {@code api} (answers API requests), {@code console} (serves the web
 *     console), {@code worker} (runs sweeps)
 * @param threads how many sweeps the process runs at the same time; 0 without the role {@code worker}
 * @param version version of the service
 * @param startedAt when the process started
 * @param heartbeatAt time of the last heartbeat, the regular sign that the process is alive
 * @param status {@code alive}, or {@code missed} after four missing heartbeats; the list contains a missed process for
 *     one more hour
 * @param sweeps sweeps that the process runs; for a missed process, its sweeps that no other process has taken over yet
 */
public record WorkerView(
        String id,
        String host,
        long pid,
        List<String> roles,
        int threads,
        String version,
        Instant startedAt,
        Instant heartbeatAt,
        String status,
        List<Running> sweeps) {

    /**
     * Names a sweep, the removal of the expired keys of one primary, that a process runs.
     *
     * @param scanId id of the scan
     * @param instanceId id of the instance
     * @param nodeId address of the primary
     * @param since when this process began to work on the sweep
     */
    public record Running(String scanId, String instanceId, String nodeId, Instant since) {}
}
