package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.plan.DatabaseWalk;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends the walk through a database (the visit of its keys) once the server counts no key with a TTL in it.
 *
 * <p>In such a database no key can have expired. INFO {@code keyspace} reports the number of keys with a TTL as {@code
 * expires}. The number includes expired keys until their memory is freed. It does not include fields of hashes that
 * have a TTL of their own, but a sweep does not reclaim them either.
 *
 * <p>The latest reading of INFO may be outdated, since a client may have set a TTL after it. So the number 0 in it only
 * makes a checkpoint due, see {@link #checkpointDue}. The checkpoint reads INFO again. The walk ends if this reading
 * also shows 0 and the checkpoint confirms that all steps so far have reclaimed. At that moment the database holds no
 * expired key.
 *
 * <p>Two kinds of servers are visited completely, because their number cannot be trusted. Behind a sharding proxy, the
 * number may come from a different server than the keys. An unknown product may count in another way. Used by the
 * sweep's thread only.
 */
final class TtlWatch {

    /**
     * The fields of INFO that end in {@code _version} on Redis, Valkey and Redict. Other products that report
     * themselves as Redis add a version field of their own.
     */
    private static final Set<String> KNOWN_VERSIONS =
            Set.of("redis_version", "valkey_version", "redict_version", "gcc_version");

    private final SweepState state;
    /** The session that the following readings belong to; null before the first. */
    private @Nullable Session session;
    /** The numbers of keys in the latest reading of INFO. */
    private Keyspace latest = Keyspace.of(ServerInfo.parse(""));
    /** Whether these numbers can be trusted. */
    private boolean trusted;

    TtlWatch(SweepState state) {
        this.state = state;
    }

    /**
     * Returns whether a checkpoint is due before the next step. It is due if INFO is trusted, and its latest reading
     * shows no key with a TTL in the current database.
     */
    boolean checkpointDue() {
        resetIfNewSession();
        DatabaseWalk walk = state.plan().current();
        return trusted && walk != null && hasNoTtl(walk.db());
    }

    /**
     * Ends the walk of the current database if the database holds no key with a TTL. Then does the same for the
     * following databases, up to the first that holds such a key. Keeps the numbers of keys that the check
     * has read, for {@link #checkpointDue}. No step may be in flight.
     *
     * @param check the check of the server at this checkpoint
     */
    void endWalks(ReclaimWatch.Check check) {
        keepNumbers(check);
        if (!trusted || !check.confirmsPositions()) {
            return;
        }
        DatabaseWalk walk = state.plan().current();
        while (walk != null && (hasNoTtl(walk.db()) || hasBecomeEmpty(walk.db()))) {
            walk.endWithoutTtl();
            walk = state.plan().current();
        }
    }

    /** Keeps the numbers of keys that a check has read, for {@link #checkpointDue}. Steps may be in flight. */
    void keepNumbers(ReclaimWatch.Check check) {
        resetIfNewSession();
        latest = Keyspace.of(check.status().info());
    }

    /** Returns whether INFO lists a database and counts no key with a TTL in it. */
    private boolean hasNoTtl(int db) {
        Long withTtl = latest.expires().get(db);
        return withTtl != null && withTtl == 0;
    }

    /**
     * Returns whether a database has lost all its keys. INFO does not list such a database, so the latest DBSIZE must
     * be 0. Without a DBSIZE the result is false.
     */
    private boolean hasBecomeEmpty(int db) {
        return !latest.keys().containsKey(db)
                && state.session().database().keysSeenIn(db).orElse(1) == 0;
    }

    /** If the sweep has opened a new session, takes the numbers of keys from its inspection. */
    private void resetIfNewSession() {
        if (session != state.session()) {
            session = state.session();
            latest = Keyspace.of(session.inspection().status().info());
            trusted = countsTrusted(session.inspection());
        }
    }

    private static boolean countsTrusted(ServerInspection inspection) {
        return inspection.proxyEvidence() == null
                && inspection.summary().profile().flavour() != Flavour.UNKNOWN
                && inspection.status().info().fields().keySet().stream()
                        .filter(field -> field.endsWith("_version"))
                        .allMatch(KNOWN_VERSIONS::contains);
    }
}
