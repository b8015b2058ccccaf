package io.keysweep.server.sweep;

import io.keysweep.api.HoldReasonView;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads how often and how long scans were on hold, for each reason.
 *
 * <p>A sweep is the part of a scan that visits one primary. A hold is a time in which a sweep sends no steps (calls
 * that visit keys). For example, the server is unreachable or the scan is paused. Thread-safe.
 */
@Repository
public class HoldHistory {

    /**
     * Summarizes the holds of a scan that had the same reason.
     *
     * @param reason reason without numbers, for example {@code replica lags by}
     * @param times number of holds, including a hold that has not ended
     * @param held total duration of the holds that have ended
     */
    public record HeldFor(String reason, int times, Duration held) {

        /** Converts the summary to the view of the native API. */
        public HoldReasonView view() {
            return new HoldReasonView(reason, times, held.toMillis());
        }
    }

    private final JdbcClient jdbc;

    HoldHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the holds of a scan by reason, summed over its primaries, the longest total duration first. The list is
     * empty if the scan was never on hold.
     */
    public List<HeldFor> of(UUID scanId) {
        return of(List.of(scanId)).getOrDefault(scanId, List.of());
    }

    /**
     * Returns the holds of several scans by scan id. The list of each scan has one entry for each reason, summed over
     * its primaries, the longest total duration first. A scan that was never on hold is not in the map.
     */
    public Map<UUID, List<HeldFor>> of(Collection<UUID> scanIds) {
        Map<UUID, List<HeldFor>> holds = new HashMap<>();
        if (!scanIds.isEmpty()) {
            // The query returns one row for each reason of a scan, summed over its sweeps.
            jdbc.sql("select scan_id, reason, sum(times) as times, sum(held_ms) as held_ms from sweep_hold"
                            + " where scan_id in (:ids) group by scan_id, reason order by held_ms desc, reason")
                    .param("ids", scanIds)
                    .query((ResultSet row) -> {
                        holds.computeIfAbsent(row.getObject("scan_id", UUID.class), id -> new ArrayList<>())
                                .add(new HeldFor(
                                        row.getString("reason"),
                                        row.getInt("times"),
                                        Duration.ofMillis(row.getLong("held_ms"))));
                    });
        }
        return holds;
    }
}
