package io.keysweep.cli.quickstart;

import io.keysweep.api.ScanView;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.service.ServiceAccess;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the result of a quickstart. The line that {@code --json} writes has exactly these fields, in this order.
 *
 * @param planted expired keys planted
 * @param visited keys visited by the scan
 * @param reclaimed expired keys reclaimed by the scan
 * @param seconds duration of the scan
 * @param keysPerSecond keys visited per second
 * @param longestStallMs longest step, in milliseconds
 * @param usedMemoryBefore used memory in bytes at the start of the scan, or 0 if unknown
 * @param usedMemoryAfter used memory in bytes at the end of the scan, or 0 if unknown
 * @param endpoint URL of the service
 * @param projectId 32 hex characters
 * @param instanceId UUID
 * @param accessKey access key id (AK)
 * @param secretKey secret access key (SK)
 * @param redisUri URI of the server that was swept, without user and password
 */
record QuickstartResult(
        long planted,
        long visited,
        long reclaimed,
        double seconds,
        long keysPerSecond,
        double longestStallMs,
        long usedMemoryBefore,
        long usedMemoryAfter,
        String endpoint,
        String projectId,
        String instanceId,
        String accessKey,
        String secretKey,
        String redisUri) {

    static QuickstartResult of(DemoKeys keys, ScanView scan, ServiceAccess access, String redisUri) {
        Duration time = scan.startedAt() == null || scan.finishedAt() == null
                ? Duration.ZERO
                : Duration.between(scan.startedAt(), scan.finishedAt());
        return new QuickstartResult(
                keys.expiring(),
                scan.visited(),
                scan.reclaimed(),
                Amounts.rounded(Amounts.seconds(time)),
                Amounts.keysPerSecond(scan.visited(), time),
                Amounts.rounded(scan.longestStallMs()),
                scan.usedMemoryBefore() == null ? 0 : scan.usedMemoryBefore(),
                scan.usedMemoryAfter() == null ? 0 : scan.usedMemoryAfter(),
                access.endpoint().toString(),
                access.projectId(),
                scan.instanceId(),
                access.accessKey(),
                access.secretKey(),
                redisUri);
    }

    String toJson() {
        return JsonMapper.builder().build().writeValueAsString(this);
    }

    /** Returns a text without the secret key. */
    @Override
    public String toString() {
        return "QuickstartResult[planted=" + planted + ", reclaimed=" + reclaimed + "]";
    }
}
