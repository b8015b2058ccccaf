package io.keysweep.server.instance;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.instance.InstanceSettings.Kept;
import io.keysweep.server.request.DocumentReader;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one instance (a registered Redis server or deployment) from a document and validates them.
 *
 * <p>A setting that the document leaves out can keep its current value ({@link Kept}). This class records each broken
 * rule as a problem at the {@link DocumentReader}, so that one response reports all problems. It connects to no server.
 * Each instance of this class reads one document.
 */
final class InstanceReader {

    // The URI and secrets are limited in bytes of UTF-8, because DocumentReader.secret counts bytes; other texts are
    // limited in characters. Encrypted passwords and keys of these lengths fit their SQL columns.
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_USER_LENGTH = 256;
    private static final int MAX_NODE_MAP_LENGTH = 8000;
    private static final int MAX_URI_BYTES = 4000;
    private static final int MAX_PASSWORD_BYTES = 512;
    private static final int MAX_CERTIFICATES_BYTES = 60_000;
    private static final int MAX_KEY_BYTES = 16_000;

    private final DocumentReader reader;

    /** Settings before the change, as text by field; without values for a new instance. */
    private final InstanceFields previousFields;

    /**
     * The tags to which this class adds the tags of the document: the current tags if the document is a change, or else
     * none.
     */
    private final InstanceTags previousTags;

    private final Kept kept;
    private final ReceiverCheck receiverCheck;

    /** Whether the document contains a URI with a user or a password; false until the URI was read. */
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
        this.previousFields = previous == null ? InstanceFields.NONE : InstanceFields.of(previous.settings());
        this.previousTags = previous == null || kept != Kept.ALL ? InstanceTags.NONE : previous.tags();
        this.kept = kept;
        this.receiverCheck = new ReceiverCheck(reader, previousFields, egress);
    }

    /**
     * Returns the settings; empty if the document breaks a rule, which is then recorded as a problem.
     */
    Optional<InstanceSettings> read() {
        // A document with many instances has one list of problems. Only the problems of this instance make the instance
        // invalid.
        int problemsBefore = reader.problems().size();

        String name = newValue("name", reader.name("name", MAX_NAME_LENGTH), kept == Kept.ALL);
        // reader.name has recorded a name that is too long or not a text. Only a missing name is still to be recorded.
        if (name == null && reader.value("name").isEmpty()) {
            reader.addProblem("name", /* value= */ null, Phrase.of("1 to {0} characters", MAX_NAME_LENGTH));
        }

        String uri = uri();
        Deployment deployment = uri == null ? null : deployment(uri);
        Tls tls = tls();
        InstanceTags tags = InstanceTags.read(reader, previousTags);
        Optional<String> assistInDocument = reader.flag("assist").map(String::valueOf);
        String assist = newValue("assist", assistInDocument, kept == Kept.ALL);
        if (name == null || deployment == null || !hasNoNewProblems(problemsBefore)) {
            return Optional.empty();
        }

        // Certificates need a URI with TLS. A URI with TLS needs no certificates: Java's authorities are the default.
        if (deployment.access().tls() != null) {
            deployment = tls == null ? deployment : deployment.withTls(tls);
        } else if (tls != null) {
            reader.addProblem(
                    tls.authorities() == null ? "tlsCertificate" : "tlsCa",
                    Phrase.of(" is set, which needs a URI that begins with rediss."));
        }

        // These rules concern the settings as a whole, so they are checked last.
        InstanceSettings settings =
                new InstanceSettings(name, deployment, tags, assist == null ? null : Boolean.valueOf(assist));
        receiverCheck.refusePasswordsForOthers(InstanceFields.of(settings), credentialsInUri);
        receiverCheck.refuseDeniedAddresses(deployment);
        return hasNoNewProblems(problemsBefore) ? Optional.of(settings) : Optional.empty();
    }

    /** Returns whether the document still has only the {@code problemsBefore} problems that it had before. */
    private boolean hasNoNewProblems(int problemsBefore) {
        return reader.problems().size() == problemsBefore;
    }

    /**
     * Returns the new value of a setting; null if it has none. If the document contains the setting with the value
     * null, the current value is deleted.
     *
     * @param documentValue the value in the document; empty if the field is left out, null or not valid
     * @param keep whether the setting keeps its current value if the document leaves the field out
     */
    private @Nullable String newValue(String name, Optional<String> documentValue, boolean keep) {
        boolean keepsPrevious = keep && !reader.has(name);
        return documentValue.orElse(keepsPrevious ? previousFields.get(name) : null);
    }

    /** Returns the new value of a setting that is a printable text; null if it has none. */
    private @Nullable String newText(String name, int maxLength) {
        return newValue(name, reader.printableText(name, maxLength), kept == Kept.ALL);
    }

    /**
     * Returns the URI; null if it is missing or not valid. The URI is read as a secret, because it may contain a
     * password: no message repeats it.
     */
    private @Nullable String uri() {
        String uri = newValue("uri", reader.secret("uri", MAX_URI_BYTES), kept == Kept.ALL);
        if (uri == null && reader.value("uri").isEmpty()) {
            reader.addProblem(
                    "uri", /* value= */ null, Phrase.of("redis://host:port, at most {0} characters", MAX_URI_BYTES));
        }
        return uri;
    }

    /** Returns the address with its credentials; null if the URI, or a field that does not fit it, breaks a rule. */
    private @Nullable Deployment deployment(String uri) {
        // Credentials in a new URI replace the current user and password together. The fields username and password of
        // the document have priority over the URI.
        credentialsInUri = reader.has("uri") && hasCredentials(uri);
        boolean keepCredentials = !credentialsInUri;
        Credentials credentials = new Credentials(
                newValue(
                        "username",
                        reader.printableText("username", MAX_USER_LENGTH),
                        keepCredentials && kept == Kept.ALL),
                newValue("password", reader.secret("password", MAX_PASSWORD_BYTES), keepCredentials));
        // The password of the sentinels is kept only while the URI names sentinels: other deployments refuse it.
        Credentials sentinelCredentials = new Credentials(
                newText("sentinelUsername", MAX_USER_LENGTH),
                newValue(
                        "sentinelPassword",
                        reader.secret("sentinelPassword", MAX_PASSWORD_BYTES),
                        DeploymentUri.namesSentinels(uri)));
        NodeMap nodeMap = nodeMap();

        try {
            Deployment deployment = DeploymentUri.parse(uri, credentials, sentinelCredentials, nodeMap);
            // The stored form of the URI has a port for each address, so it can be longer than the given URI.
            int length = DeploymentUri.redacted(deployment).length();
            if (length <= MAX_URI_BYTES) {
                return deployment;
            }
            reader.addProblem(
                    "uri",
                    Phrase.of(" has {0} characters with all ports, must have {1} at most.", length, MAX_URI_BYTES));
        } catch (IllegalArgumentException e) {
            reader.addProblem("uri", Phrase.of(": {0}.", String.valueOf(e.getMessage())));
        }
        return null;
    }

    /**
     * Returns the map from addresses that nodes announce to addresses that the service can reach. The map is empty if
     * the setting has no value, or if the value is malformed, which is then recorded as a problem.
     */
    private NodeMap nodeMap() {
        String text = newText("nodeMap", MAX_NODE_MAP_LENGTH);
        try {
            return text == null ? NodeMap.NONE : NodeMap.parse(text);
        } catch (IllegalArgumentException e) {
            reader.addProblem("nodeMap", Phrase.of(": {0}.", String.valueOf(e.getMessage())));
            return NodeMap.NONE;
        }
    }

    /** Returns whether a URI contains a user or a password; false for a malformed URI. */
    private static boolean hasCredentials(String uri) {
        try {
            return !DeploymentUri.parse(uri).access().credentials().equals(Credentials.NONE);
        } catch (IllegalArgumentException e) {
            // The caller parses the URI again, with all its settings, and records the problem.
            return false;
        }
    }

    /**
     * Returns the certificates and the key; null if there are none, or if a rule is broken, which is then recorded.
     *
     * <p>A document that deletes the client certificate also deletes the current key.
     */
    private @Nullable Tls tls() {
        int problemsBefore = reader.problems().size();
        Pem authorities = certificates("tlsCa");
        Pem certificate = certificates("tlsCertificate");
        String keyText = newValue("tlsKey", reader.secret("tlsKey", MAX_KEY_BYTES), certificate != null);
        Pem key = keyText == null ? null : new Pem.PemText(keyText);
        if (key != null) {
            checkPem("tlsKey", () -> key.key("tlsKey"));
        }
        if (!hasNoNewProblems(problemsBefore)) {
            return null;
        }
        if ((certificate == null) != (key == null)) {
            reader.addProblem(
                    key == null ? "tlsKey" : "tlsCertificate",
                    /* value= */ null,
                    Phrase.of("given together with {0}", key == null ? "tlsCertificate" : "tlsKey"));
            return null;
        }
        Tls tls = new Tls(authorities, certificate, key);
        checkPem("tlsKey", tls::readIdentity);
        return tls.equals(Tls.DEFAULT) ? null : tls;
    }

    /** Returns the certificates in a field; null if there are none. Records a problem if they cannot be parsed. */
    private @Nullable Pem certificates(String name) {
        String text = newValue(name, reader.secret(name, MAX_CERTIFICATES_BYTES), kept == Kept.ALL);
        if (text == null) {
            return null;
        }
        Pem pem = new Pem.PemText(text);
        checkPem(name, () -> pem.certificates(name));
        return pem;
    }

    /**
     * Runs a check and records its exception as a problem of the field {@code name}. Removes the name from the
     * beginning of the message, because the reader puts it before each problem.
     */
    private void checkPem(String name, Runnable parse) {
        try {
            parse.run();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            reader.addProblem(
                    name,
                    message.startsWith(name)
                            ? Phrase.of("{0}.", message.substring(name.length()))
                            : Phrase.of(": {0}.", message));
        }
    }
}
