package io.keysweep.server.instance;

import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.server.instance.InstanceSettings.Kept;
import io.keysweep.server.request.DocumentReader;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Represents the content of a request that registers an instance.
 *
 * @param id the id that the instance gets, for example the id that the same instance has in Huawei Cloud; null for a
 *     random id
 * @param settings the name, the tags and how to connect
 */
public record NewInstance(@Nullable UUID id, InstanceSettings settings) {

    /** The name of the field that contains the id. */
    public static final String ID = "id";

    /**
     * Reads the body of a registration.
     *
     * @param egress the addresses that the service may connect to
     * @throws io.keysweep.server.error.RequestRefusedException if the document is missing or breaks any rule; the
     *     exception names all broken rules
     */
    static NewInstance read(@Nullable JsonNode document, EgressPolicy egress) {
        DocumentReader reader = DocumentReader.of(
                document,
                Stream.concat(InstanceSettings.FIELDS.stream(), Stream.of(ID)).toList());
        Optional<InstanceSettings> settings = InstanceSettings.read(reader, /* previous= */ null, Kept.ALL, egress);
        UUID id = readId(reader).orElse(null);
        return reader.requireValid(() -> new NewInstance(id, settings.orElseThrow()));
    }

    /**
     * Reads the id of an instance from a document. Returns empty if the document has no id, or if the id has another
     * form, which is then recorded as a problem.
     */
    public static Optional<UUID> readId(DocumentReader reader) {
        return reader.text(
                ID,
                "a UUID of 36 characters",
                text -> InstanceId.parse(text).orElseThrow(IllegalArgumentException::new));
    }
}
