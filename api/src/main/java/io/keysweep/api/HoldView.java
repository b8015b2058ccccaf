package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A hold: no scan in its scope makes a step until it is released.
 *
 * @param scope {@code project} or {@code all}
 * @param projectId 32 hex characters, or null for all projects
 * @param by id of the access key that asked for it
 * @param why the reason given, or null
 * @param since when it was asked for
 */
public record HoldView(
        String scope,
        @Nullable String projectId,
        String by,
        @Nullable String why,
        Instant since) {}
