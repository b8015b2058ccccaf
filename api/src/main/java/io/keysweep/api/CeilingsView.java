package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports the ceilings that a project or an instance has set, and the ceilings that apply to its scans. The requests to
 * {@code …/ceilings} return it.
 *
 * <p>A ceiling is the highest pace that a project, a tag or an instance allows, or another limit of its scans.
 *
 * @param document ceilings that the requested project or instance has set itself; empty if it has set none
 * @param inForce tightest ceiling that applies to each field, with its owner. The list of a project does not include
 *     the ceilings of tags
 * @param setBy id of the access key that set the document; null if none is set
 * @param setAt when the document was set; null if none is set
 * @param version version of the document, 0 if none was ever set. Every change raises it. The ETag is this number in
 *     quotes
 */
public record CeilingsView(
        CeilingsDocument document,
        List<CeilingInForce> inForce,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {

    /**
     * Names the tightest ceiling of one field.
     *
     * @param field name of the field in {@link CeilingsDocument}, such as {@code maxShare}
     * @param value value of the ceiling as text, such as {@code 0.25}
     * @param owner owner of the ceiling: {@code the project}, {@code the instance} or a tag such as {@code the tag
     *     env=prod}
     */
    public record CeilingInForce(String field, String value, String owner) {}
}
