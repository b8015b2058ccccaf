package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes a hold of a project or of all projects: no scan in its scope removes keys until an operator releases it.
 *
 * <p>{@code GET /api/v1/holds} lists the holds; the {@code PUT} requests that create a hold return it.
 *
 * @param scope {@code project} for the scans of one project, {@code all} for all scans of the service
 * @param projectId id of the project, 32 hex characters; null if the scope is {@code all}
 * @param by id of the access key that requested the hold
 * @param why reason that the caller gave; null if none was given
 * @param since when the hold was requested
 */
public record HoldView(
        String scope,
        @Nullable String projectId,
        String by,
        @Nullable String why,
        Instant since) {}
