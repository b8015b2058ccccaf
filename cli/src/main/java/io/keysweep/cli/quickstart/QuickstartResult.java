package io.keysweep.cli.quickstart;

import io.keysweep.api.ScanView;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.service.ServiceAccess;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Describes the result of {@code keysweep quickstart}. The line that {@code --json} prints has exactly these fields, in
 * this order.
 *
 * @param planted number of expired keys that were planted
 * @param visited number of keys, live and expired, that the scan has visited
 * @param reclaimed number of expired keys that the scan has reclaimed
 * @param seconds duration of the scan, in seconds
 * @param keysPerSecond keys visited per second
 * @param longestStallMs duration of the longest step of the scan, in milliseconds
 * @param usedMemoryBefore used memory in bytes at the start of the scan, or null if unknown
 * @param usedMemoryAfter used memory in bytes at the end of the scan, or null if unknown
 * @param endpoint URL of the service, for example {@code http://127.0.0.1:40123}
 * @param projectId id of the project, 32 hex characters
 * @param instanceId id of the swept server as an instance of the service, a UUID
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
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter,
        String endpoint,
        String projectId,
        String instanceId,
        String accessKey,
        String secretKey,
        String redisUri) {

    /** Describes a scan that has ended. Its duration is 0 if it was never begun. */
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
                scan.usedMemoryBefore(),
                scan.usedMemoryAfter(),
                access.endpoint().toString(),
                access.projectId(),
                scan.instanceId(),
                access.accessKey(),
                access.secretKey(),
                redisUri);
    }

    /** Returns the result as one line of JSON, with the secret key. */
    String toJson() {
        return JsonMapper.builder().build().writeValueAsString(this);
    }

    /** Returns a text without the secret key. */
    @Override
    public String toString() {
        return "QuickstartResult[planted=" + planted + ", reclaimed=" + reclaimed + "]";
    }
}
