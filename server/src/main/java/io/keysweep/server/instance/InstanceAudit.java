package io.keysweep.server.instance;

import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.instance.RaisedServers.RaisedServer;
import java.util.List;
import java.util.Set;

/**
 * Reports changes of instances to the audit log, with the settings before and after the change.
 *
 * <p>{@link InstanceStore} calls this class in the transaction of each change. The log does not show secrets, only
 * whether a secret is set and whether it has changed.
 */
final class InstanceAudit {

    /** Settings whose values the log does not show: secrets, and certificates, which are long. */
    private static final Set<String> HIDDEN =
            Set.of("password", "sentinelPassword", "tlsKey", "tlsCa", "tlsCertificate");

    private InstanceAudit() {}

    static void created(Instance instance) {
        AuditTrail.creation(resource(instance), fields(instance.settings()));
    }

    static void changed(Instance previous, InstanceSettings settings) {
        AuditTrail.change(resource(previous), fields(previous.settings()), fields(settings));
    }

    /**
     * Reports that an instance was removed.
     *
     * @param raisedServers the servers whose settings stay raised. The log has the commands that restore them, because
     *     the service no longer knows them
     */
    static void removed(Instance instance, List<RaisedServer> raisedServers) {
        AuditFields fields = fields(instance.settings());
        if (!raisedServers.isEmpty()) {
            fields.with(
                    "raisedSettings",
                    raisedServers.stream()
                            .map(RaisedServer::addressWithCommands)
                            .toList());
        }
        AuditTrail.removal(resource(instance), fields);
    }

    private static AuditResource resource(Instance instance) {
        return new AuditResource("instance", instance.id().toString(), instance.name(), instance.projectId());
    }

    private static AuditFields fields(InstanceSettings settings) {
        AuditFields fields = new AuditFields();
        InstanceFields.of(settings).values().forEach((name, value) -> {
            if (HIDDEN.contains(name)) {
                fields.withSecret(name, value);
            } else {
                fields.with(name, value);
            }
        });
        return fields;
    }
}
