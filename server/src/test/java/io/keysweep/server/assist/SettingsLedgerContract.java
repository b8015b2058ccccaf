package io.keysweep.server.assist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.assist.AssistLedger.Claim;
import io.keysweep.engine.assist.RaisedSettings;
import io.keysweep.engine.assist.SettingChange;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.sweep.SweepTesting;
import io.keysweep.testkit.ManualClock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tests the store in which assist saves the former values of a server's settings, on each database that the service
 * supports.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. The former
 * values are stored first, so that any process can restore them. {@link RaisedSettingsStore} has a row for each server;
 * the values in a row are an <em>entry</em>. A {@link SettingsLedger} gives one attempt of a sweep (the claim of one
 * worker on it) access to the store. The attempt <em>claims</em> a server before it stores an entry. No other sweep can
 * claim that server until the sweep ends.
 */
abstract class SettingsLedgerContract {

    private static final NodeAddress ADDRESS = NodeAddress.parse("127.0.0.1:6379");
    private static final String NODE = ADDRESS.toString();

    /** The node of a second sweep. Both sweeps claim {@link #ADDRESS}, as if one server had two node ids. */
    private static final String SECOND_NODE = "second-node";

    private static final RaisedSettings ENTRY = new RaisedSettings(
            /* deployment= */ "127.0.0.1:6379 at 127.0.0.1:6379",
            ADDRESS,
            /* runId= */ "0f",
            Instant.parse("2026-01-01T00:00:00.123Z"),
            List.of(new SettingChange("lazyfree-lazy-expire", "no", "yes"), new SettingChange("hz", "10", "500")));

    private final UUID scanId = UUID.randomUUID();
    private UUID instanceId;
    private JdbcClient jdbc;
    private TransactionTemplate transaction;
    private RaisedSettingsStore store;

    /** Returns an empty database with the current schema. */
    abstract DataSource dataSource();

    @BeforeEach
    void open() {
        DataSource dataSource = dataSource();
        jdbc = JdbcClient.create(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        store = new RaisedSettingsStore(jdbc);
        SweepTesting.insertScan(jdbc, scanId);
        instanceId = jdbc.sql("select instance_id from scan where id = :id")
                .param("id", scanId)
                .query(UUID.class)
                .single();
        SweepStore sweeps = SweepTesting.store(dataSource, new ManualClock());

        // There are two sweeps of one scan.
        sweeps.insert(SweepRecord.waiting(scanId, /* round= */ 1, NODE, SlotSet.ALL));
        sweeps.insert(SweepRecord.waiting(scanId, /* round= */ 1, SECOND_NODE, SlotSet.ALL));
        begin(NODE, /* attempt= */ 1);
        begin(SECOND_NODE, /* attempt= */ 1);
    }

    @Test
    void entry_thatIsStored_canBeReadUntilItIsRemoved() throws Exception {
        try (Claim claim = claim(NODE, /* attempt= */ 1)) {
            assertThat(claim.entry()).isEmpty();

            claim.store(ENTRY);
            claim.confirm();
            assertThat(claim.entry()).contains(ENTRY);

            claim.remove();
            assertThat(claim.entry()).isEmpty();

            claim.store(ENTRY);
            claim.remove();
        }
        assertThat(rows()).isZero();
    }

    @Test
    void claim_ofAServerThatAnotherSweepUses_isRefusedUntilThatSweepEnds() throws Exception {
        try (Claim claim = claim(NODE, /* attempt= */ 1)) {
            claim.store(ENTRY);
            assertThat(ledger(SECOND_NODE, /* attempt= */ 1).claim(ADDRESS)).isEmpty();
            assertThat(ledger(SECOND_NODE, /* attempt= */ 1).entries()).isEmpty();

            // The first sweep ends, and the second sweep claims the server.
            jdbc.sql("update sweep set finished = true where node_id = :node")
                    .param("node", NODE)
                    .update();
            try (Claim nextClaim = claim(SECOND_NODE, /* attempt= */ 1)) {
                assertThat(nextClaim.entry()).contains(ENTRY);

                // The former owner can no longer store an entry, nor remove the entry of the new owner.
                assertThatThrownBy(() -> claim.store(ENTRY)).isInstanceOf(IllegalStateException.class);

                claim.remove();
                assertThat(nextClaim.entry()).contains(ENTRY);
            }
        }
    }

    /** A worker is killed or frozen, and another worker continues its sweep. */
    @Test
    void claim_byALaterAttempt_takesTheEntryFromTheEarlierAttempt() throws Exception {
        Claim earlier = claim(NODE, /* attempt= */ 1);
        earlier.store(ENTRY);
        begin(NODE, /* attempt= */ 2);

        // Only the next worker of the sweep can restore the settings: not another sweep, and not the service itself.
        assertThat(store.instancesWithAbandonedSettings()).isEmpty();
        assertThat(ledger(SECOND_NODE, /* attempt= */ 1).claim(ADDRESS)).isEmpty();

        AssistLedger successor = ledger(NODE, /* attempt= */ 2);
        assertThat(successor.entries()).containsExactly(ENTRY);
        assertThatThrownBy(earlier::confirm).isInstanceOf(IllegalStateException.class);

        try (Claim claim = successor.claim(ADDRESS).orElseThrow()) {
            assertThat(claim.entry()).contains(ENTRY);
            assertThatThrownBy(() -> earlier.store(ENTRY)).isInstanceOf(IllegalStateException.class);

            // The earlier worker cannot remove the entry of its successor.
            earlier.remove();
            earlier.close();
            assertThat(claim.entry()).contains(ENTRY);
        }
        assertThatThrownBy(() -> ledger(NODE, /* attempt= */ 1).claim(ADDRESS))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void close_ofAClaimWithAnEntry_leavesTheEntryToTheService() throws Exception {
        try (Claim claim = claim(NODE, /* attempt= */ 1)) {
            claim.store(ENTRY);
            assertThat(store.instancesWithAbandonedSettings()).isEmpty();
        }
        assertThat(store.instancesWithAbandonedSettings()).containsExactly(instanceId);

        // The service itself owns no sweep; the id 0 says so. It can claim a server only if no sweep has claimed it.
        SettingsOwner service = new SettingsOwner(instanceId, new UUID(0, 0), /* round= */ 0, "i", /* attempt= */ 0);
        AssistLedger serviceLedger = new SettingsLedger(store, transaction, service, () -> {});

        assertThat(serviceLedger.entries()).containsExactly(ENTRY);

        try (Claim claim = serviceLedger.claim(ADDRESS).orElseThrow()) {
            claim.remove();
        }
        assertThat(rows()).isZero();
    }

    @Test
    void deleteClaimsOfLostWorkers_onceAWorkerIsLost_deletesItsClaimWithoutEntry() {
        claim(NODE, /* attempt= */ 1);
        store.deleteClaimsOfLostWorkers();

        assertThat(rows()).isEqualTo(1);

        // The next attempt means that the worker of the first attempt is lost.
        begin(NODE, /* attempt= */ 2);
        store.deleteClaimsOfLostWorkers();
        assertThat(rows()).isZero();
    }

    private Claim claim(String node, int attempt) {
        return ledger(node, attempt).claim(ADDRESS).orElseThrow();
    }

    private SettingsLedger ledger(String node, int attempt) {
        SettingsOwner owner = new SettingsOwner(instanceId, scanId, /* round= */ 1, node, attempt);
        return new SettingsLedger(store, transaction, owner, () -> lock(node, attempt));
    }

    /** Locks the row of the sweep, as a worker does. Throws if a later attempt has begun, or the sweep has ended. */
    private void lock(String node, int attempt) {
        boolean newest = jdbc.sql(
                        "select attempt from sweep where node_id = :node and attempt = :attempt and not finished"
                                + " for update")
                .param("node", node)
                .param("attempt", attempt)
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!newest) {
            throw new IllegalStateException("superseded");
        }
    }

    /** Makes an attempt the current one of its sweep. */
    private void begin(String node, int attempt) {
        jdbc.sql("update sweep set attempt = :attempt where node_id = :node")
                .param("attempt", attempt)
                .param("node", node)
                .update();
    }

    private int rows() {
        return jdbc.sql("select count(*) from raised_settings")
                .query(Integer.class)
                .single();
    }
}
