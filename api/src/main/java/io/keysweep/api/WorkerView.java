package io.keysweep.api;

import java.time.Instant;
import java.util.List;

/**
 * Represents a process of the service in the response of {@code GET /api/v1/workers}.
 *
 * @param id id that is unique over all processes and starts
 * @param host host name that the machine reports
 * @param pid process id on that machine
 * @param roles roles of the process: {@code api}, {@code console}, {@code worker}
 * @param version version of the service
 * @param startedAt when the process started
 * @param heartbeatAt time of the last heartbeat
 * @param status {@code alive}, or {@code missed} after four missed heartbeats; a missed process is listed for an hour
 * @param sweeps sweeps that the process runs; for a missed process, the sweeps that no other process has taken over yet
 */
public record WorkerView(
        String id,
        String host,
        long pid,
        List<String> roles,
        String version,
        Instant startedAt,
        Instant heartbeatAt,
        String status,
        List<Running> sweeps) {

    /**
     * Represents a sweep that a process runs.
     *
     * @param scanId id of the scan
     * @param instanceId id of the instance
     * @param nodeId address of the primary
     * @param since when this process began its run of the sweep
     */
    public record Running(String scanId, String instanceId, String nodeId, Instant since) {}
}
