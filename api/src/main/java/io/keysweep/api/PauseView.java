package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the pause or hold that keeps a scan from making steps; the most specific one if there are several.
 *
 * @param scope {@code scan}, {@code project} or {@code all}: what was paused or put on hold
 * @param by id of the access key that requested the pause or hold
 * @param why reason that the caller gave, or null
 * @param since when the pause or hold was requested
 */
public record PauseView(String scope, String by, @Nullable String why, Instant since) {}
