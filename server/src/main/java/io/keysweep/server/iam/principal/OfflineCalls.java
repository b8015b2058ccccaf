package io.keysweep.server.iam.principal;

import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.iam.Action;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates the audit entries of access keys that are created on the machine of the service, without an API.
 *
 * <p>{@link FirstStartSetup} and {@link AdministratorRecovery} create such keys.
 */
final class OfflineCalls {

    private OfflineCalls() {}

    /**
     * Returns the entry about an administrator's key that was created for a project. The user of the operating system
     * is treated as the caller. The entry says that the key has a secret, but does not contain the secret.
     *
     * @param operation {@code firstStart} or {@code recoverAdmin}
     */
    static ObjectNode keyCreated(String operation, String accessKey, String projectId, String projectName) {
        AuditResource key = new AuditResource("access-key", accessKey, projectName, projectId);
        return new AuditCall(/* requestId= */ null, /* address= */ null, operation, key)
                .by("offline", System.getProperty("user.name", "unknown"), /* project= */ null)
                .with(
                        key,
                        new AuditFields()
                                .with("actions", List.of(Action.EVERYTHING))
                                .withSecret("secretKey", accessKey));
    }
}
