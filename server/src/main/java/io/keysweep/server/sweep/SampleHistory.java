package io.keysweep.server.sweep;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads the samples of sweeps, from which the console draws the charts of a scan. A sample contains the counts and the
 * pace of a sweep (the part of a scan that visits one primary) at one moment, and how long clients of the server
 * waited. {@code SampleRows} writes the samples. Thread-safe.
 */
@Repository
public class SampleHistory {

    /**
     * Describes a sweep at one moment.
     *
     * @param sweep identifies the sweep
     * @param at time of the sample
     * @param visited number of keys that the sweep has visited until then
     * @param reclaimed number of expired keys that the sweep has reclaimed until then
     * @param share part of the time of the server's main thread that the sweep may take, 0 to 1
     * @param stepMs mean time for which a step kept the server busy since the previous sample, in milliseconds; null if
     *     there was no step
     * @param busy total time for which the steps since the previous sample kept the server busy; null if unknown
     * @param slowedBy why the share is lower than the pace allows; null if it is not lower
     * @param callersWait how long clients waited for the server at that time, without the round trip of the network;
     *     null if unknown
     */
    public record Sample(
            SweepKey sweep,
            Instant at,
            long visited,
            long reclaimed,
            double share,
            @Nullable Double stepMs,
            @Nullable Duration busy,
            @Nullable String slowedBy,
            @Nullable Duration callersWait) {}

    private final JdbcClient jdbc;

    SampleHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the samples of all sweeps of a scan, the earliest first. */
    public List<Sample> of(UUID scanId) {
        return read("select * from sweep_sample where scan_id = :id order by sampled_at, round, node_id", scanId);
    }

    /** Returns the latest sample of each sweep of a scan that has not finished. */
    public List<Sample> latest(UUID scanId) {
        return read("""
                select sample.* from sweep_sample sample
                join sweep on sweep.scan_id = sample.scan_id and sweep.round = sample.round
                    and sweep.node_id = sample.node_id and not sweep.finished
                where sample.scan_id = :id and sample.sampled_at = (
                    select max(newest.sampled_at) from sweep_sample newest where newest.scan_id = sample.scan_id
                        and newest.round = sample.round and newest.node_id = sample.node_id)
                """, scanId);
    }

    /** Reads the samples that a query selects for a scan. */
    private List<Sample> read(String sql, UUID scanId) {
        return jdbc.sql(sql)
                .param("id", scanId)
                .query((row, number) -> {
                    Long micros = row.getObject("step_us", Long.class);
                    Long busyMicros = row.getObject("busy_us", Long.class);
                    Long waitMicros = row.getObject("wait_us", Long.class);
                    return new Sample(
                            SweepKey.of(row),
                            row.getObject("sampled_at", OffsetDateTime.class).toInstant(),
                            row.getLong("visited"),
                            row.getLong("reclaimed"),
                            row.getDouble("share"),
                            micros == null ? null : micros / 1e3,
                            busyMicros == null ? null : Duration.of(busyMicros, ChronoUnit.MICROS),
                            row.getString("slowed_by"),
                            waitMicros == null ? null : Duration.of(waitMicros, ChronoUnit.MICROS));
                })
                .list();
    }
}
