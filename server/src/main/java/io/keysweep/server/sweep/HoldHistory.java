package io.keysweep.server.sweep;

import io.keysweep.api.HoldsView;
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

/** Reads how long scans were on hold, by reason. Safe to share. */
@Repository
public class HoldHistory {

    /**
     * Describes the holds of a scan for one reason.
     *
     * @param reason the reason, without figures
     * @param times number of holds
     * @param held total length of the holds that have ended
     */
    public record HeldFor(String reason, int times, Duration held) {

        /** Returns the holds as the native API shows them. */
        public HoldsView view() {
            return new HoldsView(reason, times, held.toMillis());
        }
    }

    private final JdbcClient jdbc;

    HoldHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the holds of a scan, summed over its primaries, the longest first. */
    public List<HeldFor> of(UUID scanId) {
        return of(List.of(scanId)).getOrDefault(scanId, List.of());
    }

    /** Returns the holds of several scans; a scan that was never on hold is not in the map. */
    public Map<UUID, List<HeldFor>> of(Collection<UUID> scanIds) {
        Map<UUID, List<HeldFor>> found = new HashMap<>();
        if (!scanIds.isEmpty()) {
            jdbc.sql("select scan_id, reason, sum(times) as times, sum(held_ms) as held_ms from sweep_hold"
                            + " where scan_id in (:ids) group by scan_id, reason order by held_ms desc, reason")
                    .param("ids", scanIds)
                    .query((ResultSet row) -> {
                        found.computeIfAbsent(row.getObject("scan_id", UUID.class), id -> new ArrayList<>())
                                .add(new HeldFor(
                                        row.getString("reason"),
                                        row.getInt("times"),
                                        Duration.ofMillis(row.getLong("held_ms"))));
                    });
        }
        return found;
    }
}
