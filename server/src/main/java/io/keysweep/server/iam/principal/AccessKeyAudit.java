package io.keysweep.server.iam.principal;

import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;

/** Reports changes of access keys to the audit log. */
final class AccessKeyAudit {

    private AccessKeyAudit() {}

    /** Reports that a key was created. */
    static void created(AccessKey key) {
        // The log only says that there is a secret, so the id takes the place of the secret key here.
        AuditTrail.creation(resource(key.id(), key.projectId()), fields(key).withSecret("secretKey", key.id()));
    }

    /** Reports that the rights or the expiry of a key have changed, or that it was disabled or enabled. */
    static void changed(AccessKey before, AccessKey after) {
        AuditTrail.change(resource(after.id(), after.projectId()), fields(before), fields(after));
    }

    /** Reports that a key was withdrawn. */
    static void removed(AccessKey key) {
        AuditTrail.removal(resource(key.id(), key.projectId()), fields(key));
    }

    private static AuditFields fields(AccessKey key) {
        return fields(key.rights())
                .with("userId", key.owner())
                .with("disabledAt", key.disabledAt())
                .with("expiresAt", key.expiresAt());
    }

    /** Returns the fields of an entry that show rights; leaves out fields without a value. */
    static AuditFields fields(PrincipalRights rights) {
        return new AuditFields()
                .with(
                        "actions",
                        rights.actions().isEmpty()
                                ? null
                                : rights.actions().stream().sorted().toList())
                .with("policies", rights.policies().isEmpty() ? null : rights.policies())
                .withJson("narrowing", RightsText.formatSelector(rights.narrowing()));
    }

    private static AuditResource resource(String accessKey, String projectId) {
        return new AuditResource("access-key", accessKey, /* name= */ null, projectId);
    }
}
