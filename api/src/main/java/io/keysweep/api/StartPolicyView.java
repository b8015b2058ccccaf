package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The start policy that holds for a project or an instance, as {@code GET …/start-policy} shows it.
 *
 * @param source whose it is: {@code instance}, {@code project}, or {@code none} if nobody has set any
 * @param document the policy
 * @param setBy access key that has set it, or null
 * @param setAt when, or null
 */
public record StartPolicyView(
        String source,
        StartPolicyDocument document,
        @Nullable String setBy,
        @Nullable Instant setAt) {}
