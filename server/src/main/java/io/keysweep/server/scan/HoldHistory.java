package io.keysweep.server.scan;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * How long sweeps were on hold, by reason, in SQL. A reason counts up to its first colon or digit, so that the same one
 * with other figures is no other; a pause up to its colon, which ends the name of whoever has paused. Every write names its attempt and changes nothing once a later one has begun.
 */
@Repository
public class HoldHistory {

    /**
     * Holds for one reason.
     *
     * @param reason why, without figures
     * @param times how often
     * @param held how long in all, of those that have ended
     */
    public record HeldFor(String reason, int times, Duration held) {}

    /** A hold that has not ended. */
    private record Open(String reason, Instant since) {}

    private static final String THE_ONE = "scan_id = :scanId and round = :round and node_id = :nodeId";
    private static final int LONGEST = 200;

    private final JdbcClient jdbc;
    private final InstantSource clock;

    HoldHistory(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Notes that a hold has begun, or goes on, for that reason; null that it has ended. */
    @Transactional
    public void note(SweepKey key, int attempt, @Nullable String reason) {
        boolean current = of("select 1 from sweep where " + THE_ONE + " and attempt = :attempt for update", key)
                .param("attempt", attempt)
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!current) {
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String kind = reason == null ? null : kind(reason);
        List<Open> open = open(key);
        if (open.stream().noneMatch(hold -> hold.reason().equals(kind))) {
            end(key, open, now);
            if (kind != null) {
                begin(key, kind, now);
            }
        }
    }

    private List<Open> open(SweepKey key) {
        return of("select reason, held_since from sweep_hold where " + THE_ONE + " and held_since is not null", key)
                .query((row, number) -> new Open(
                        row.getString("reason"),
                        row.getObject("held_since", OffsetDateTime.class).toInstant()))
                .list();
    }

    private void end(SweepKey key, List<Open> open, Instant now) {
        for (Open hold : open) {
            of(
                            "update sweep_hold set held_ms = held_ms + :ms, held_since = null where " + THE_ONE
                                    + " and reason = :reason",
                            key)
                    .param("ms", Math.max(0, Duration.between(hold.since(), now).toMillis()))
                    .param("reason", hold.reason())
                    .update();
        }
    }

    private void begin(SweepKey key, String reason, Instant now) {
        String update =
                "update sweep_hold set times = times + 1, held_since = :now where " + THE_ONE + " and reason = :reason";
        String insert = "insert into sweep_hold (scan_id, round, node_id, reason, times, held_ms, held_since)"
                + " values (:scanId, :round, :nodeId, :reason, 1, 0, :now)";
        for (String sql : List.of(update, insert)) {
            int changed = of(sql, key)
                    .param("now", now.atOffset(ZoneOffset.UTC))
                    .param("reason", reason)
                    .update();
            if (changed == 1) {
                return;
            }
        }
    }

    private JdbcClient.StatementSpec of(String sql, SweepKey key) {
        return jdbc.sql(sql)
                .param("scanId", key.scanId())
                .param("round", key.round())
                .param("nodeId", key.nodeId());
    }

    /** The holds of a scan over all its primaries, the longest first. */
    public List<HeldFor> of(UUID scanId) {
        return jdbc.sql("select reason, sum(times) as times, sum(held_ms) as held_ms from sweep_hold"
                        + " where scan_id = :scanId group by reason order by held_ms desc, reason")
                .param("scanId", scanId)
                .query((row, number) -> new HeldFor(
                        row.getString("reason"), row.getInt("times"), Duration.ofMillis(row.getLong("held_ms"))))
                .list();
    }

    private static String kind(String reason) {
        // Whoever has paused may have digits in their name.
        boolean named = reason.startsWith("paused by ");
        int end = 0;
        while (end < Math.min(reason.length(), LONGEST)
                && reason.charAt(end) != ':'
                && (named || !Character.isDigit(reason.charAt(end)))) {
            end++;
        }
        String kind = reason.substring(0, end).strip();
        return kind.isEmpty() ? "other" : kind;
    }
}
