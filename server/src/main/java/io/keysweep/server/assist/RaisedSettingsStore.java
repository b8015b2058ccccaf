package io.keysweep.server.assist;

import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.server.instance.RaisedServers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores the former settings of servers whose settings assist has raised, in the table {@code raised_settings}.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. The table has
 * one row for each server that an attempt has taken for itself. An attempt is one worker's claim on a sweep, the part
 * of a scan that visits one primary. The <i>entry</i> of a row contains the former settings, which must be restored. A
 * row without an entry only reserves the server.
 *
 * <p>A row is <i>in use</i> while its sweep has not ended and its attempt has not given the server up. Only a later
 * attempt at the same sweep can take over a row that is in use. Any attempt, and the service itself, can take over any
 * other row, to restore the settings. Thread-safe.
 */
@Repository
public class RaisedSettingsStore implements RaisedServers {

    /** Matches the row of a server if it still belongs to the owner. */
    private static final String OWNED = " where address = :address and scan_id = :scanId and round = :round"
            + " and node_id = :nodeId and attempt = :attempt";

    /** Selects the sweep of a row if it has not ended. */
    private static final String SWEEP_OF_ROW = "select 1 from sweep where sweep.scan_id = raised_settings.scan_id"
            + " and sweep.round = raised_settings.round and sweep.node_id = raised_settings.node_id"
            + " and not sweep.finished";

    /** Matches rows that are in use. If the worker was lost, the next worker of the sweep restores the settings. */
    private static final String IN_USE = "in_use and exists (" + SWEEP_OF_ROW + ")";

    /** Matches rows whose attempt is the newest attempt at its sweep. A worker can be working with such rows. */
    private static final String OF_NEWEST_ATTEMPT =
            "in_use and exists (" + SWEEP_OF_ROW + " and sweep.attempt = raised_settings.attempt)";

    /**
     * Selects the entries with the end of their scans: the present time while the scan is active, null if it was
     * removed.
     */
    private static final String RAISED_SERVERS = "select instance_id, address, since, changes,"
            + " (select coalesce(scan.finished_at, current_timestamp) from scan"
            + " where scan.id = raised_settings.scan_id) as ended_at,"
            + " case when " + IN_USE + " then false else true end as leftover"
            + " from raised_settings where changes is not null";

    private final JdbcClient jdbc;

    public RaisedSettingsStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes a server for an owner: adds a row, or takes over a row that is not in use or belongs to an earlier attempt
     * at the same sweep. If the row has an entry, the entry is kept.
     *
     * @return false if another sweep uses the server
     * @throws org.springframework.dao.DuplicateKeyException if another transaction adds a row for the server
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean take(String address, SettingsOwner owner) {
        // The row is locked before the check, so that two attempts that take the server come one after the other.
        boolean exists = jdbc.sql("select attempt from raised_settings where address = :address for update")
                .param("address", address)
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!exists) {
            bind(jdbc.sql("""
                            insert into raised_settings (address, instance_id, scan_id, round, node_id, attempt, in_use)
                            values (:address, :instanceId, :scanId, :round, :nodeId, :attempt, true)
                            """), address, owner)
                    .param("instanceId", owner.instanceId())
                    .update();
            return true;
        }
        return bind(jdbc.sql("""
                        update raised_settings set instance_id = :instanceId, scan_id = :scanId, round = :round,
                            node_id = :nodeId, attempt = :attempt, in_use = true
                        where address = :address and (scan_id = :scanId and round = :round and node_id = :nodeId
                            or not (""" + IN_USE + "))"), address, owner)
                        .param("instanceId", owner.instanceId())
                        .update()
                == 1;
    }

    /** Returns the entry of a server; empty if there is none, or if the row no longer belongs to the owner. */
    Optional<RaisedSettings> find(String address, SettingsOwner owner) {
        return bind(jdbc.sql("select * from raised_settings" + OWNED + " and changes is not null"), address, owner)
                .query((row, number) -> entry(row))
                .optional();
    }

    /** Stores the entry of a server. Returns false, and stores nothing, if the row no longer belongs to the owner. */
    boolean store(RaisedSettings entry, SettingsOwner owner) {
        return bind(
                                jdbc.sql("update raised_settings set deployment = :deployment, run_id = :runId,"
                                        + " since = :since, changes = :changes" + OWNED),
                                entry.address().toString(),
                                owner)
                        .param("deployment", entry.deployment())
                        .param("runId", entry.runId())
                        .param("since", entry.since().atOffset(ZoneOffset.UTC))
                        .param("changes", text(entry.changes()))
                        .update()
                == 1;
    }

    /**
     * Removes the entry of a server. The server is still taken. Does nothing if the row no longer belongs to the owner.
     */
    void clear(String address, SettingsOwner owner) {
        bind(
                        jdbc.sql("update raised_settings set deployment = null, run_id = null, since = null,"
                                + " changes = null" + OWNED),
                        address,
                        owner)
                .update();
    }

    /**
     * Gives a server up: deletes the row, or marks it as not in use if it has an entry. Does nothing if the row no
     * longer belongs to the owner.
     */
    void giveUp(String address, SettingsOwner owner) {
        bind(jdbc.sql("delete from raised_settings" + OWNED + " and changes is null"), address, owner)
                .update();
        bind(jdbc.sql("update raised_settings set in_use = false" + OWNED), address, owner)
                .update();
    }

    /**
     * Returns the entries of an instance that the owner may take over to restore the settings. These are the entries of
     * attempts at the owner's sweep, and the entries that are not in use.
     */
    List<RaisedSettings> leftovers(SettingsOwner owner) {
        return jdbc.sql("select * from raised_settings where instance_id = :instanceId and changes is not null"
                        + " and (scan_id = :scanId and round = :round and node_id = :nodeId or not (" + IN_USE + "))"
                        + " order by address")
                .param("instanceId", owner.instanceId())
                .param("scanId", owner.scanId())
                .param("round", owner.round())
                .param("nodeId", owner.nodeId())
                .query((row, number) -> entry(row))
                .list();
    }

    /**
     * Deletes rows that only reserve a server, if their attempt is no longer the newest one. The worker of such an
     * attempt was lost.
     */
    void deleteClaimsOfLostWorkers() {
        jdbc.sql("delete from raised_settings where changes is null and not (" + OF_NEWEST_ATTEMPT + ")")
                .update();
    }

    /** Returns the instances with rows that are not in use, whose settings no sweep will restore. */
    List<UUID> instancesWithAbandonedSettings() {
        return jdbc.sql("select distinct instance_id from raised_settings where not (" + IN_USE + ")")
                .query((row, number) -> row.getObject("instance_id", UUID.class))
                .list();
    }

    @Override
    public List<RaisedServer> ofInstance(UUID instanceId) {
        return jdbc.sql(RAISED_SERVERS + " and instance_id = :instanceId order by address")
                .param("instanceId", instanceId)
                .query((row, number) -> raisedServer(row))
                .list();
    }

    @Override
    public List<RaisedServer> ofProject(String projectId) {
        return jdbc.sql(RAISED_SERVERS
                        + " and instance_id in (select id from instance where project_id = :projectId)"
                        + " order by address")
                .param("projectId", projectId)
                .query((row, number) -> raisedServer(row))
                .list();
    }

    @Override
    public List<RaisedServer> forgetLeftovers(UUID instanceId) {
        // A sweep can take a server over between the query and the deletion. Then it restores the settings.
        return ofInstance(instanceId).stream()
                .filter(server -> server.leftover()
                        && jdbc.sql("delete from raised_settings where address = :address and instance_id = :instanceId"
                                                + " and changes is not null and not (" + IN_USE + ")")
                                        .param("address", server.address())
                                        .param("instanceId", instanceId)
                                        .update()
                                == 1)
                .toList();
    }

    @Override
    public int countLeftovers() {
        return jdbc.sql("select count(*) from raised_settings where changes is not null and not (" + IN_USE + ")")
                .query(Integer.class)
                .single();
    }

    private static RaisedServer raisedServer(ResultSet row) throws SQLException {
        Instant since = row.getObject("since", OffsetDateTime.class).toInstant();
        OffsetDateTime endedAt = row.getObject("ended_at", OffsetDateTime.class);
        return new RaisedServer(
                row.getObject("instance_id", UUID.class),
                row.getString("address"),
                since,
                // Retention removes scans. The end of the scan is not known then, and was after this time.
                endedAt == null ? since : endedAt.toInstant(),
                row.getBoolean("leftover"),
                changes(row));
    }

    private static JdbcClient.StatementSpec bind(
            JdbcClient.StatementSpec statement, String address, SettingsOwner owner) {
        return statement
                .param("address", address)
                .param("scanId", owner.scanId())
                .param("round", owner.round())
                .param("nodeId", owner.nodeId())
                .param("attempt", owner.attempt());
    }

    /**
     * Returns changes as text, each with the name of the setting, its former value and its raised value: {@code hz 10
     * 500;active-expire-effort 1 10}.
     */
    private static String text(List<SettingChange> changes) {
        return changes.stream()
                .map(change -> change.name() + " " + change.former() + " " + change.raised())
                .collect(Collectors.joining(";"));
    }

    private static RaisedSettings entry(ResultSet row) throws SQLException {
        String address = row.getString("address");
        return new RaisedSettings(
                Objects.requireNonNull(row.getString("deployment")),
                address.startsWith("/") ? NodeAddress.unix(address) : NodeAddress.parse(address),
                Objects.requireNonNull(row.getString("run_id")),
                row.getObject("since", OffsetDateTime.class).toInstant(),
                changes(row));
    }

    /** Reads the changes from the text that {@link #text} has written. */
    private static List<SettingChange> changes(ResultSet row) throws SQLException {
        return Stream.of(row.getString("changes").split(";", -1))
                .map(change -> change.split(" ", -1))
                .map(words -> new SettingChange(words[0], words[1], words[2]))
                .toList();
    }
}
