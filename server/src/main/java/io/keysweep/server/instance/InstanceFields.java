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

/** Holds the settings of an instance by their names in a document, secrets included. */
record InstanceFields(Map<String, @Nullable String> values) {

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
            "tlsKey");

    /** The fields of an instance that does not exist yet. */
    static final InstanceFields NONE = new InstanceFields(Map.of());

    static InstanceFields of(String name, Deployment deployment) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        Credentials credentials = deployment.access().credentials();
        Credentials sentinel = sentinel(deployment);
        NodeMap nodeMap = nodeMap(deployment);
        Tls tls = deployment.access().tls();
        values.put("name", name);
        values.put("uri", DeploymentUri.redacted(deployment));
        values.put("username", credentials.username());
        values.put("password", credentials.password());
        values.put("sentinelUsername", sentinel.username());
        values.put("sentinelPassword", sentinel.password());
        values.put("nodeMap", nodeMap.equals(NodeMap.NONE) ? null : nodeMap.toString());
        values.put("tlsCa", text(tls == null ? null : tls.authorities()));
        values.put("tlsCertificate", text(tls == null ? null : tls.certificate()));
        values.put("tlsKey", text(tls == null ? null : tls.key()));
        return new InstanceFields(values);
    }

    static Credentials sentinel(Deployment deployment) {
        return deployment instanceof Deployment.Sentinel sentinel
                ? sentinel.sentinelAccess().credentials()
                : Credentials.NONE;
    }

    static NodeMap nodeMap(Deployment deployment) {
        return switch (deployment) {
            case Deployment.Standalone server -> NodeMap.NONE;
            case Deployment.Sentinel sentinel -> sentinel.nodeMap();
            case Deployment.Cluster cluster -> cluster.nodeMap();
        };
    }

    /** Returns a certificate or key as text. The service stores certificates in the database, never as file names. */
    private static @Nullable String text(@Nullable Pem pem) {
        return pem instanceof Pem.Text text ? text.text() : null;
    }

    @Nullable String get(String name) {
        return values.get(name);
    }

    /** Returns the names of the fields whose values differ. */
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
