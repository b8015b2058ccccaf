package io.keysweep.engine.assist;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reports the progress of {@link Assist} on one primary, from the server's own counts.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 *
 * @param nodeId the address of the primary
 * @param reclaimed expired keys that the server has reclaimed since assist began
 * @param counter the counter that {@code reclaimed} is taken from, see {@link AssistReport#counter}
 * @param raisedFor the time for which the settings were raised
 * @param serverBusy the main thread's time that the expiry took while settings were raised
 * @param volatileKeysBefore keys with a TTL before assist, including expired ones
 * @param volatileKeys keys with a TTL now
 * @param estimatedLeft expired keys that still hold memory, by the server's estimate; null if not known
 */
public record AssistProgress(
        String nodeId,
        long reclaimed,
        String counter,
        Duration raisedFor,
        Duration serverBusy,
        long volatileKeysBefore,
        long volatileKeys,
        @Nullable Long estimatedLeft) {}
