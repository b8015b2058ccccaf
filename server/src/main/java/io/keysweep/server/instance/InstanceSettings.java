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
 * What people set of an instance.
 *
 * @param name what people call it, unique in the project
 * @param deployment how to reach it, credentials included
 */
public record InstanceSettings(String name, Deployment deployment) {

    /** The fields of a document that says so. */
    public static final Collection<String> FIELDS = InstanceFields.NAMES;

    /** What of an instance that is there already stays where a document does not name it. */
    public enum Kept {
        /** Everything: the document is a change. */
        ALL,
        /** Secrets only, which a document often cannot hold: it is the whole of what is to be. */
        SECRETS
    }

    /**
     * A document of its own.
     *
     * @param previous the instance that it is to become of, or null for a new one
     * @throws io.keysweep.server.error.RequestRefusedException for everything that does not fit
     */
    public static InstanceSettings read(@Nullable JsonNode document, @Nullable Instance previous, Kept kept) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        Optional<InstanceSettings> terms = read(reader, previous, kept);
        return reader.requireValid(terms::orElseThrow);
    }

    /**
     * A document, or a part of one. What does not fit is noted there, and then there is none.
     *
     * @param previous the instance that it is to become of, or null for a new one
     */
    public static Optional<InstanceSettings> read(DocumentReader reader, @Nullable Instance previous, Kept kept) {
        return new InstanceReader(reader, previous, kept).read();
    }

    /** Where it is, without credentials. */
    public String uri() {
        return DeploymentUri.redacted(deployment);
    }

    /** The names of the fields that are others than the instance has now. */
    public List<String> changes(Instance previous) {
        return fields().differing(InstanceFields.of(previous.name(), previous.deployment()));
    }

    /** Whether connections go to other places than those of the instance now. */
    public boolean leadsElsewhere(Instance previous) {
        List<String> changes = changes(previous);
        return changes.contains("uri") || changes.contains("nodeMap");
    }

    private InstanceFields fields() {
        return InstanceFields.of(name, deployment);
    }
}
