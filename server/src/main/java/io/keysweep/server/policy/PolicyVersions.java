package io.keysweep.server.policy;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.ProjectLock;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.request.EntityTag;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads and locks the versions of policies for {@link PolicyStore}, so that no client overwrites a change that it has
 * not seen.
 *
 * <p>Every change of a policy, also a removal, raises its version by 1. Thread-safe.
 */
final class PolicyVersions {

    private final JdbcClient jdbc;
    private final InstanceStore instances;

    PolicyVersions(JdbcClient jdbc, InstanceStore instances) {
        this.jdbc = jdbc;
        this.instances = instances;
    }

    /** Returns the version of the owner's own policy; 0 if the owner never had one. */
    int find(PolicyKind kind, PolicyOwner owner) {
        return jdbc.sql("select version from " + owner.table() + owner.condition())
                .param("owner", owner.id())
                .param("kind", kind.wireName())
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    /**
     * Locks the row of the project or instance until the transaction ends, so that its policies change one after
     * another. The row of the policy itself cannot be locked instead, because it may not exist yet. Returns the current
     * version of the policy.
     *
     * @throws RequestRefusedException if the version is not {@code expected}, or if the project or instance was removed
     */
    int lock(PolicyKind kind, PolicyOwner owner, @Nullable Integer expected) {
        if (owner.instanceId() == null) {
            ProjectLock.takeOrRefuse(jdbc, owner.projectId());
        } else if (!instances.lock(owner.instanceId())) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE);
        }
        int version = find(kind, owner);
        if (expected != null && expected != version) {
            throw EntityTag.stale(expected, version, kind.displayName());
        }
        return version;
    }
}
