package io.keysweep.server.instance;

import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.server.request.DocumentReader;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds the settings of an instance that users choose.
 *
 * @param name the name, unique in the project
 * @param deployment how to connect, with credentials
 */
public record InstanceSettings(String name, Deployment deployment) {

    /** The names of the fields in a document of settings. */
    public static final Collection<String> FIELDS = InstanceFields.NAMES;

    /** Says which settings of an existing instance stay if a document does not name them. */
    public enum Kept {
        /** All settings stay: the document is a change. */
        ALL,
        /**
         * Only secrets stay, which a document often cannot contain. Every other setting is the document's or the
         * default.
         */
        SECRETS
    }

    /**
     * Reads settings from a whole document.
     *
     * @param previous the instance to change, or null for a new instance
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks any rule; the exception names all
     *     broken rules
     */
    public static InstanceSettings read(@Nullable JsonNode document, @Nullable Instance previous, Kept kept) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        Optional<InstanceSettings> settings = read(reader, previous, kept);
        return reader.requireValid(settings::orElseThrow);
    }

    /**
     * Reads settings from a part of a document. Broken rules are recorded at the reader, and the result is then empty.
     *
     * @param previous the instance to change, or null for a new instance
     */
    public static Optional<InstanceSettings> read(DocumentReader reader, @Nullable Instance previous, Kept kept) {
        return new InstanceReader(reader, previous, kept).read();
    }

    /** Returns the address, without credentials. */
    public String uri() {
        return DeploymentUri.redacted(deployment);
    }

    /** Returns the names of the fields that differ from the settings of an instance. */
    public List<String> changes(Instance previous) {
        return fields().differing(InstanceFields.of(previous.name(), previous.deployment()));
    }

    /** Returns whether these settings connect to another address than an instance does. */
    public boolean leadsElsewhere(Instance previous) {
        List<String> changes = changes(previous);
        return changes.contains("uri") || changes.contains("nodeMap");
    }

    private InstanceFields fields() {
        return InstanceFields.of(name, deployment);
    }
}
