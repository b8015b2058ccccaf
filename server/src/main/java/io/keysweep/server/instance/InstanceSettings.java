package io.keysweep.server.instance;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.server.request.DocumentReader;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Contains the settings of an instance that users choose: the name, the tags and how to connect.
 *
 * <p>An instance is a registered server, Sentinel deployment or cluster. Never log the settings: the text of a
 * deployment hides passwords, but not addresses, which are confidential too.
 *
 * @param name the name, unique in the project
 * @param deployment the address with credentials and TLS
 * @param tags labels by which the owner sorts instances
 * @param assist whether scans may raise settings of the servers for a while (assist); null if the ceilings of
 *     the project, its tags or the instance decide
 */
public record InstanceSettings(
        String name,
        Deployment deployment,
        InstanceTags tags,
        @Nullable Boolean assist) {

    /** The names of the settings in JSON, such as {@code uri} and {@code tlsCa}. */
    public static final Collection<String> FIELDS = InstanceFields.NAMES;

    /** Says which settings of an existing instance keep their values if a document leaves them out. */
    public enum Kept {
        /** All settings keep their values, because the document is a change. */
        ALL,
        /**
         * Only passwords and the private key keep their values, because users often keep secrets out of the file. Every
         * other setting gets its default.
         */
        SECRETS
    }

    /**
     * Reads settings from a document that contains nothing else.
     *
     * @param previous the instance to change, or null for a new one
     * @param kept which settings of {@code previous} keep their values if the document leaves them out
     * @param egress the addresses that the service may connect to
     * @throws io.keysweep.server.error.RequestRefusedException if the document is missing or breaks any rule; the
     *     exception names all broken rules
     */
    public static InstanceSettings read(
            @Nullable JsonNode document, @Nullable Instance previous, Kept kept, EgressPolicy egress) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        Optional<InstanceSettings> settings = read(reader, previous, kept, egress);
        return reader.requireValid(settings::orElseThrow);
    }

    /**
     * Reads settings from a document that can also contain other fields, which are ignored. If the document breaks a
     * rule, the reader records it, and the result is empty.
     *
     * @param previous the instance to change, or null for a new one
     * @param kept which settings of {@code previous} keep their values if the document leaves them out
     * @param egress the addresses that the service may connect to
     */
    public static Optional<InstanceSettings> read(
            DocumentReader reader, @Nullable Instance previous, Kept kept, EgressPolicy egress) {
        return new InstanceReader(reader, previous, kept, egress).read();
    }

    /** Returns the address without credentials, such as {@code redis://10.0.0.1:6379}. */
    public String uri() {
        return DeploymentUri.redacted(deployment);
    }

    /** Returns the JSON names of the settings that differ from those of an instance, such as {@code password}. */
    public List<String> changes(Instance previous) {
        return InstanceFields.of(this).differing(InstanceFields.of(previous.settings()));
    }

    /**
     * Returns whether these settings may lead to a different server than the settings of an instance. They may if the
     * URI (without credentials) or the node map differs.
     */
    public boolean leadsElsewhere(Instance previous) {
        List<String> changes = changes(previous);
        return changes.contains("uri") || changes.contains("nodeMap");
    }
}
