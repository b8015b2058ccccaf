package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents a hold: no scan in its scope makes a step until the hold is released.
 *
 * @param scope {@code project} or {@code all}
 * @param projectId 32 hex characters, or null for all projects
 * @param by id of the access key that requested the hold
 * @param why reason that the caller gave, or null
 * @param since when the hold was requested
 */
public record HoldView(
        String scope,
        @Nullable String projectId,
        String by,
        @Nullable String why,
        Instant since) {}
