package io.keysweep.server.instance;

import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Contains the settings of an instance as texts, by their names in JSON, so that settings can be compared.
 *
 * <p>The comparison shows which settings a change changes. {@link InstanceReader} also takes the value of a setting
 * from here if a document leaves the setting out.
 *
 * @param values the values by name, including passwords and private keys; null or no entry if a setting has no value
 */
record InstanceFields(Map<String, @Nullable String> values) {

    /** The names of all settings in JSON. */
    static final List<String> NAMES = List.of(
            "name",
            "uri",
            "username",
            "password",
            "sentinelUsername",
            "sentinelPassword",
            "nodeMap",
            "tlsCa",
            "tlsCertificate",
            "tlsKey",
            "tags",
            "assist");

    /** The settings of an instance that does not exist yet: none has a value. */
    static final InstanceFields NONE = new InstanceFields(Map.of());

    /** Returns the settings of an instance as texts. The URI has no credentials, which are separate settings. */
    static InstanceFields of(InstanceSettings settings) {
        Deployment deployment = settings.deployment();
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        Credentials credentials = deployment.access().credentials();
        Credentials sentinel = sentinel(deployment);
        NodeMap nodeMap = nodeMap(deployment);
        Tls tls = deployment.access().tls();
        values.put("name", settings.name());
        values.put("uri", DeploymentUri.redacted(deployment));
        values.put("username", credentials.username());
        values.put("password", credentials.password());
        values.put("sentinelUsername", sentinel.username());
        values.put("sentinelPassword", sentinel.password());
        values.put("nodeMap", nodeMap.equals(NodeMap.NONE) ? null : nodeMap.toString());
        values.put("tlsCa", text(tls == null ? null : tls.authorities()));
        values.put("tlsCertificate", text(tls == null ? null : tls.certificate()));
        values.put("tlsKey", text(tls == null ? null : tls.key()));
        values.put("tags", settings.tags().json());
        values.put(
                "assist", settings.assist() == null ? null : settings.assist().toString());
        return new InstanceFields(values);
    }

    /** Returns the credentials for the sentinels; none for a deployment without Sentinel. */
    static Credentials sentinel(Deployment deployment) {
        return deployment instanceof Deployment.Sentinel sentinel
                ? sentinel.sentinelAccess().credentials()
                : Credentials.NONE;
    }

    /**
     * Returns the map from addresses that nodes announce to addresses that the service can reach; empty for a single
     * server.
     */
    static NodeMap nodeMap(Deployment deployment) {
        return switch (deployment) {
            case Deployment.Standalone server -> NodeMap.NONE;
            case Deployment.Sentinel sentinel -> sentinel.nodeMap();
            case Deployment.Cluster cluster -> cluster.nodeMap();
        };
    }

    /**
     * Returns a certificate or a key as PEM text; null if there is none. Instances have no PEM files, because the
     * database stores the text.
     */
    private static @Nullable String text(@Nullable Pem pem) {
        return pem instanceof Pem.PemText text ? text.text() : null;
    }

    /** Returns the value of a setting; null if it has none. */
    @Nullable String get(String name) {
        return values.get(name);
    }

    /** Returns the names of the settings that have another value in {@code other}. */
    List<String> differing(InstanceFields other) {
        return NAMES.stream()
                .filter(name -> !Objects.equals(get(name), other.get(name)))
                .toList();
    }

    /** Returns the name only, so that no secret gets into a log. */
    @Override
    public String toString() {
        return "InstanceFields[name=" + get("name") + "]";
    }
}
