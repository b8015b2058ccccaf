package io.keysweep.api;

import java.time.Instant;
import java.util.List;

/**
 * A process of the service, as {@code GET /api/v1/workers} shows it.
 *
 * @param id unique over all processes and starts
 * @param host name of the machine, as it calls itself
 * @param pid id of the process there
 * @param roles what it does: {@code api}, {@code console}, {@code worker}
 * @param version of the service
 * @param startedAt when it was started
 * @param heartbeatAt when it has shown last that it lives
 * @param status {@code alive}, or {@code missed} once four heartbeats are; a missed one is shown for an hour
 * @param sweeps what it runs; of a missed one what it ran, until others take that up
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
     * A sweep that a process runs.
     *
     * @param scanId the scan
     * @param instanceId what is swept
     * @param nodeId the primary
     * @param since when this process took it up
     */
    public record Running(String scanId, String instanceId, String nodeId, Instant since) {}
}
