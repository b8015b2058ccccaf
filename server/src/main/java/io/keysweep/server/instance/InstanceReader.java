package io.keysweep.server.instance;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import io.keysweep.server.instance.InstanceSettings.Kept;
import io.keysweep.server.request.DocumentReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one instance, a registered Redis server or deployment, from a document and validates them.
 *
 * <p>A setting that the document leaves out can keep its present value ({@link Kept}). The reader records every broken
 * rule at the {@link DocumentReader}, so that one response reports all of them. Use a reader once.
 */
final class InstanceReader {

    // Lengths are in characters. Secrets are limited in bytes of UTF-8.
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_USER_LENGTH = 256;
    private static final int MAX_NODE_MAP_LENGTH = 8000;
    private static final int MAX_URI_BYTES = 4000;
    private static final int MAX_PASSWORD_BYTES = 512;
    private static final int MAX_CERTIFICATES_BYTES = 60_000;
    private static final int MAX_KEY_BYTES = 16_000;

    private static final List<String> PASSWORD_FIELDS = List.of("password", "sentinelPassword");

    private final DocumentReader reader;
    /** Settings before the change, as text by field; without values for a new instance. */
    private final InstanceFields previousFields;
    /** Tags that stay if the document leaves out the tags. */
    private final InstanceTags previousTags;

    private final Kept kept;
    private final EgressPolicy egress;

    /** Whether the document contains a URI with a user or a password. */
    private boolean credentialsInUri;

    /**
     * Creates a reader.
     *
     * @param reader the document, which collects the broken rules
     * @param previous the instance to change, or null for a new one
     * @param kept which settings keep their values if the document leaves them out
     * @param egress the addresses that the service may connect to
     */
    InstanceReader(DocumentReader reader, @Nullable Instance previous, Kept kept, EgressPolicy egress) {
        this.reader = reader;
        this.egress = egress;
        this.previousFields = previous == null ? InstanceFields.NONE : InstanceFields.of(previous.settings());
        this.previousTags = previous == null || kept != Kept.ALL ? InstanceTags.NONE : previous.tags();
        this.kept = kept;
    }

    /** Returns the settings; empty if a rule is broken, which is then recorded. */
    Optional<InstanceSettings> read() {
        int problemsBefore = reader.problems().size();
        String name = text("name", MAX_NAME_LENGTH);
        // A name that is too long was recorded when it was read. Here it is missing.
        if (name == null && reader.value("name").isEmpty()) {
            reader.addProblem("name", null, "1 to " + MAX_NAME_LENGTH + " characters");
        }
        String uri = uri();
        Deployment deployment = uri == null ? null : deployment(uri);
        Tls tls = tls();
        InstanceTags tags = InstanceTags.read(reader, previousTags);
        if (name == null || deployment == null || !hasNoNewProblems(problemsBefore)) {
            return Optional.empty();
        }
        if (deployment.access().tls() != null) {
            deployment = tls == null ? deployment : deployment.withTls(tls);
        } else if (tls != null) {
            reader.addProblem(
                    tls.authorities() == null ? "tlsCertificate" : "tlsCa",
                    " is set, must be null unless the URI begins with rediss.");
        }
        InstanceSettings settings = new InstanceSettings(name, deployment, tags);
        refusePasswordsForOtherAddress(InstanceFields.of(settings));
        refuseDeniedAddresses(deployment);
        return hasNoNewProblems(problemsBefore) ? Optional.of(settings) : Optional.empty();
    }

    /** Returns whether the document still has only the {@code problemsBefore} problems that it had before. */
    private boolean hasNoNewProblems(int problemsBefore) {
        return reader.problems().size() == problemsBefore;
    }

    /**
     * Returns the new value of a setting; null if it has none. An explicit null in the document deletes the value.
     *
     * @param documentValue the value in the document
     * @param keep whether the setting keeps its present value if the document leaves the field out
     */
    private @Nullable String newValue(String name, Optional<String> documentValue, boolean keep) {
        boolean keepsPrevious = keep && !reader.has(name);
        return documentValue.orElse(keepsPrevious ? previousFields.get(name) : null);
    }

    private @Nullable String text(String name, int maxLength) {
        return newValue(name, reader.printableText(name, maxLength), kept == Kept.ALL);
    }

    /** Reads the URI as a secret, so that no message repeats it: it may contain a password. */
    private @Nullable String uri() {
        String uri = newValue("uri", reader.secret("uri", MAX_URI_BYTES), kept == Kept.ALL);
        if (uri == null && reader.value("uri").isEmpty()) {
            reader.addProblem("uri", null, "redis://host:port, at most " + MAX_URI_BYTES + " characters");
        }
        return uri;
    }

    private @Nullable Deployment deployment(String uri) {
        // Credentials in a new URI replace the present ones. Credentials in fields of the same document have priority.
        credentialsInUri = reader.has("uri") && holdsCredentials(uri);
        boolean keepCredentials = !credentialsInUri;
        Credentials credentials = new Credentials(
                newValue(
                        "username",
                        reader.printableText("username", MAX_USER_LENGTH),
                        keepCredentials && kept == Kept.ALL),
                newValue("password", reader.secret("password", MAX_PASSWORD_BYTES), keepCredentials));
        // The password of the sentinels is kept only while the URI names sentinels.
        Credentials sentinelCredentials = new Credentials(
                text("sentinelUsername", MAX_USER_LENGTH),
                newValue(
                        "sentinelPassword",
                        reader.secret("sentinelPassword", MAX_PASSWORD_BYTES),
                        uri.contains("-sentinel://")));
        NodeMap nodeMap = nodeMap();
        try {
            return DeploymentUri.parse(uri, credentials, sentinelCredentials, nodeMap);
        } catch (IllegalArgumentException e) {
            reader.addProblem("uri", ": " + e.getMessage() + ".");
            return null;
        }
    }

    /**
     * Reads the map from announced to reachable addresses; returns an empty map if there is none or it is malformed.
     */
    private NodeMap nodeMap() {
        String text = text("nodeMap", MAX_NODE_MAP_LENGTH);
        try {
            return text == null ? NodeMap.NONE : NodeMap.parse(text);
        } catch (IllegalArgumentException e) {
            reader.addProblem("nodeMap", ": " + e.getMessage() + ".");
            return NodeMap.NONE;
        }
    }

    private static boolean holdsCredentials(String uri) {
        try {
            return !DeploymentUri.parse(uri, null, null).access().credentials().equals(Credentials.NONE);
        } catch (IllegalArgumentException e) {
            // deployment() parses the URI again and records the problem.
            return false;
        }
    }

    /**
     * Returns the certificates and the key; null if none is set or a rule is broken.
     *
     * <p>The present key stays only if there is a client certificate: to delete the certificate deletes the key, too.
     */
    private @Nullable Tls tls() {
        int problemsBefore = reader.problems().size();
        Pem authorities = certificates("tlsCa");
        Pem certificate = certificates("tlsCertificate");
        String keyText = newValue("tlsKey", reader.secret("tlsKey", MAX_KEY_BYTES), certificate != null);
        Pem key = keyText == null ? null : new Pem.Text(keyText);
        if (key != null) {
            checkPem("tlsKey", () -> key.key("tlsKey"));
        }
        if (!hasNoNewProblems(problemsBefore)) {
            return null;
        }
        if ((certificate == null) != (key == null)) {
            reader.addProblem(
                    key == null ? "tlsKey" : "tlsCertificate",
                    null,
                    "given together with " + (key == null ? "tlsCertificate" : "tlsKey"));
            return null;
        }
        Tls tls = new Tls(authorities, certificate, key);
        checkPem("tlsKey", tls::readIdentity);
        return tls.equals(Tls.DEFAULT) ? null : tls;
    }

    private @Nullable Pem certificates(String name) {
        String text = newValue(name, reader.secret(name, MAX_CERTIFICATES_BYTES), kept == Kept.ALL);
        if (text == null) {
            return null;
        }
        Pem pem = new Pem.Text(text);
        checkPem(name, () -> pem.certificates(name));
        return pem;
    }

    /**
     * Runs a check and records its exception as a problem of the field {@code name}. If the message begins with the
     * name, this method cuts it off, because the reader puts the name before each problem.
     */
    private void checkPem(String name, Runnable parse) {
        try {
            parse.run();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            reader.addProblem(
                    name, (message.startsWith(name) ? message.substring(name.length()) : ": " + message) + ".");
        }
    }

    /**
     * Refuses to keep a password for another address. Otherwise a caller who may change the URI, but does not know the
     * password, could have the service send it to a server of their own.
     */
    private void refusePasswordsForOtherAddress(InstanceFields newFields) {
        List<String> changes = newFields.differing(previousFields);
        boolean changesAddress = changes.contains("uri") || changes.contains("nodeMap");
        if (previousFields.equals(InstanceFields.NONE) || !changesAddress) {
            return;
        }
        for (String password : PASSWORD_FIELDS) {
            boolean keepsPassword = newFields.get(password) != null && !changes.contains(password);
            if (keepsPassword && !isInDocument(password)) {
                reader.addProblem(
                        password,
                        " is kept, but uri or nodeMap lead elsewhere; must be sent again, or be null for none.");
            }
        }
    }

    /** Refuses addresses that the service must not connect to. Names are resolved, and checked, at each connection. */
    private void refuseDeniedAddresses(Deployment deployment) {
        for (NodeAddress address : deployment.addresses()) {
            refuseDenied("uri", address, egress.obstacleTo(address));
        }
        NodeMap map = InstanceFields.nodeMap(deployment);
        Stream.concat(map.addresses().values().stream(), map.ids().values().stream())
                .forEach(address -> refuseDenied("nodeMap", address, egress.obstacleTo(address)));
        map.hosts().values().forEach(host -> refuseDenied("nodeMap", host, egress.obstacleToHost(host)));
    }

    /** Records a problem if there is an obstacle, the sentence that says why an address is denied; null for none. */
    private void refuseDenied(String field, Object address, @Nullable String obstacle) {
        if (obstacle != null) {
            reader.addProblem(
                    field,
                    " contains '" + address + "', must be an address that the service may connect to: " + obstacle
                            + ".");
        }
    }

    /** Returns whether the document contains a password, as a field or in the URI. */
    private boolean isInDocument(String password) {
        return reader.has(password) || (password.equals("password") && credentialsInUri);
    }
}
