package io.keysweep.server.instance;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.request.DocumentReader;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the service may connect to the servers of an instance, and whether they may receive its passwords.
 *
 * <p>These rules concern the settings as a whole, so {@link InstanceReader} checks them last. The check resolves no
 * host name and connects to no server.
 *
 * @param reader the document, which collects the broken rules
 * @param previousFields settings before the change; without values for a new instance
 * @param egress the addresses that the service may connect to
 */
record ReceiverCheck(DocumentReader reader, InstanceFields previousFields, EgressPolicy egress) {

    private static final List<String> PASSWORD_FIELDS = List.of("password", "sentinelPassword");

    /**
     * The settings that decide which servers receive the passwords. The URI contains hosts, ports, the use of TLS and
     * the name of a Sentinel primary. The authorities in {@code tlsCa} decide whose certificates are accepted.
     */
    private static final List<String> RECEIVER_FIELDS = List.of("uri", "nodeMap", "tlsCa");

    /**
     * Refuses a change after which another server could receive a kept password. A caller may be allowed to change the
     * address or the authorities without knowing the password. Without this check, such a caller could make the service
     * send the password to a server of the caller.
     *
     * @param credentialsInUri whether the document contains a URI with a user or a password
     */
    void refusePasswordsForOthers(InstanceFields newFields, boolean credentialsInUri) {
        List<String> changes = newFields.differing(previousFields);
        List<String> changedReceiverFields =
                changes.stream().filter(RECEIVER_FIELDS::contains).toList();
        boolean isNew = previousFields.equals(InstanceFields.NONE);
        if (isNew || changedReceiverFields.isEmpty()) {
            return;
        }
        for (String password : PASSWORD_FIELDS) {
            boolean isUnchanged = newFields.get(password) != null && !changes.contains(password);
            boolean isInDocument = reader.has(password) || (password.equals("password") && credentialsInUri);
            // A caller who sends the password again knows it anyway.
            if (isUnchanged && !isInDocument) {
                reader.addProblem(
                        password,
                        Phrase.of(
                                " is kept, but a change of {0} could give it to another server: send it again, or"
                                        + " remove it.",
                                String.join(" and ", changedReceiverFields)));
            }
        }
    }

    /**
     * Refuses addresses that the service must not connect to. For a host name, only the text is checked here; its
     * addresses are checked at each connection.
     */
    void refuseDeniedAddresses(Deployment deployment) {
        for (NodeAddress address : deployment.addresses()) {
            refuseDenied("uri", address, egress.obstacleTo(address));
        }
        NodeMap map = InstanceFields.nodeMap(deployment);
        Stream.concat(map.addresses().values().stream(), map.ids().values().stream())
                .forEach(address -> refuseDenied("nodeMap", address, egress.obstacleTo(address)));
        map.hosts().values().forEach(host -> refuseDenied("nodeMap", host, egress.obstacleToHost(host)));
    }

    /**
     * Records a problem of a field with an address that is denied.
     *
     * @param obstacle why the address is denied, as a sentence without its period; null if it is allowed
     */
    private void refuseDenied(String field, Object address, @Nullable String obstacle) {
        if (obstacle != null) {
            reader.addProblem(
                    field,
                    Phrase.of(
                            " contains '{0}', must be an address that the service may connect to: {1}.",
                            address, obstacle));
        }
    }
}
