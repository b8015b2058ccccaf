package io.keysweep.server.instance;

import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import io.keysweep.server.iam.SecretBox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Converts instances to and from the columns of the table {@code instance}, for {@link InstanceStore}.
 *
 * <p>Passwords and private keys are encrypted with the master key of the service. Each secret is bound to the id of its
 * instance and to its purpose. A secret that was copied to another row or column can therefore not be decrypted.
 */
final class InstanceColumns {

    private final SecretBox secrets;

    InstanceColumns(SecretBox secrets) {
        this.secrets = secrets;
    }

    /**
     * Sets the parameters of a statement to the settings of an instance, and returns the statement. Passwords and the
     * private key are encrypted.
     *
     * @param id the id of the instance, to which its secrets are bound
     */
    JdbcClient.StatementSpec bind(JdbcClient.StatementSpec statement, UUID id, InstanceSettings settings) {
        Deployment deployment = settings.deployment();
        Credentials credentials = deployment.access().credentials();
        Credentials sentinelCredentials = InstanceFields.sentinel(deployment);
        Tls tls = deployment.access().tls();
        return statement
                .param("id", id)
                .param("name", settings.name())
                .param("uri", DeploymentUri.redacted(deployment))
                .param("username", credentials.username())
                .param("secret", encrypt(credentials.password(), passwordBinding(id)))
                .param("sentinelUsername", sentinelCredentials.username())
                .param("sentinelSecret", encrypt(sentinelCredentials.password(), sentinelBinding(id)))
                .param("nodeMap", InstanceFields.nodeMap(deployment).toString())
                .param("tlsCa", text(tls == null ? null : tls.authorities()))
                .param("tlsCertificate", text(tls == null ? null : tls.certificate()))
                .param("tlsSecret", encrypt(text(tls == null ? null : tls.key()), tlsBinding(id)))
                .param("tags", settings.tags().json())
                .param("assist", settings.assist());
    }

    /**
     * Reads an instance from a row that has all columns of the table.
     *
     * @throws io.keysweep.server.iam.SecretBoxException if a secret cannot be decrypted, for example because it was
     *     stored with another master key
     */
    Instance read(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        String uri = row.getString("uri");
        Deployment deployment = DeploymentUri.parse(
                uri,
                credentials(row, "", passwordBinding(id)),
                credentials(row, "sentinel_", sentinelBinding(id)),
                nodeMap(row));
        return new Instance(
                id,
                row.getString("project_id"),
                row.getString("name"),
                uri,
                // The URI says whether TLS is used; the columns contain the certificates and the key.
                deployment.access().tls() == null ? deployment : deployment.withTls(tls(row, id)),
                InstanceTags.ofJson(row.getString("tags")),
                row.getObject("assist", Boolean.class),
                observation(row),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "updated_at"),
                row.getInt("revision"));
    }

    /** Reads user and password from the columns that begin with {@code prefix}; each is null if it is not set. */
    private Credentials credentials(ResultSet row, String prefix, String binding) throws SQLException {
        return new Credentials(row.getString(prefix + "username"), decrypt(row.getString(prefix + "secret"), binding));
    }

    private static NodeMap nodeMap(ResultSet row) throws SQLException {
        // The column is null in rows that were last written before it existed.
        String text = row.getString("node_map");
        return text == null ? NodeMap.NONE : NodeMap.parse(text);
    }

    private Tls tls(ResultSet row, UUID id) throws SQLException {
        return new Tls(
                pem(row.getString("tls_ca")),
                pem(row.getString("tls_certificate")),
                pem(decrypt(row.getString("tls_secret"), tlsBinding(id))));
    }

    /** Reads the result of the last inspection; null if the instance was never inspected. */
    private static @Nullable InstanceObservation observation(ResultSet row) throws SQLException {
        Instant checkedAt = instant(row, "checked_at");
        if (checkedAt == null) {
            return null;
        }
        return new InstanceObservation(
                row.getString("flavour"),
                row.getString("version"),
                row.getObject("used_memory", Long.class),
                row.getObject("max_memory", Long.class),
                row.getObject("key_count", Long.class),
                row.getObject("ttl_key_count", Long.class),
                row.getObject("shards", Integer.class),
                row.getObject("replicas", Integer.class),
                row.getString("problem"),
                checkedAt);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable String text(@Nullable Pem pem) {
        return switch (pem) {
            case null -> null;
            case Pem.PemText text -> text.text();
            // Instances must have the content and not a path, because another process may run on another machine, and a
            // file may change.
            case Pem.File file ->
                throw new IllegalArgumentException(
                        "certificates of an instance must be text, but this is a file: " + file);
        };
    }

    private static @Nullable Pem pem(@Nullable String text) {
        return text == null ? null : new Pem.PemText(text);
    }

    private @Nullable String encrypt(@Nullable String secret, String binding) {
        return secret == null ? null : secrets.seal(secret, binding);
    }

    private @Nullable String decrypt(@Nullable String secret, String binding) {
        return secret == null ? null : secrets.open(secret, binding);
    }

    // Each of these texts binds an encrypted secret to its instance and its purpose, see SecretBox.seal. Never change
    // them: stored secrets could no longer be decrypted.
    private static String passwordBinding(UUID id) {
        return "instance:" + id;
    }

    private static String sentinelBinding(UUID id) {
        return "sentinel:" + id;
    }

    private static String tlsBinding(UUID id) {
        return "tls:" + id;
    }
}
