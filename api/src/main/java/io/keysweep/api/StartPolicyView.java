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
 * @param version of what the project or instance itself has set, raised by every change, 0 if it never has; in quotes it is the ETag
 */
public record StartPolicyView(
        String source,
        StartPolicyDocument document,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
