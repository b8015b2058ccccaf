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
        AuditTrail.removal(
                resource(instance), withCommands(fields(instance.settings()), "raisedSettings", raisedServers));
    }

    /**
     * Reports that the service has forgotten raised settings of an instance; reports nothing if there were none.
     *
     * @param raisedServers the servers whose settings were forgotten. The log keeps the commands that restore them
     */
    static void forgotten(Instance instance, List<RaisedServer> raisedServers) {
        if (!raisedServers.isEmpty()) {
            AuditTrail.change(
                    resource(instance),
                    new AuditFields(),
                    withCommands(new AuditFields(), "forgottenSettings", raisedServers));
        }
    }

    /** Adds a field with the commands that restore the settings of servers, if there are any servers. */
    private static AuditFields withCommands(AuditFields fields, String name, List<RaisedServer> raisedServers) {
        return raisedServers.isEmpty()
                ? fields
                : fields.with(
                        name,
                        raisedServers.stream()
                                .map(RaisedServer::addressWithCommands)
                                .toList());
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
