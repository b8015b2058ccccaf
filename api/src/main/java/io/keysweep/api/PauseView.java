package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a scan makes no step at the moment, the most specific reason there is.
 *
 * @param scope {@code scan}, {@code project} or {@code all}: what was paused or is held
 * @param by id of the access key that asked for it
 * @param why the reason given, or null
 * @param since when it was asked for
 */
public record PauseView(String scope, String by, @Nullable String why, Instant since) {}
