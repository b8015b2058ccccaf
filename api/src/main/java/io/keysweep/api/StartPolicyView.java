package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the start policy that applies to a project or an instance in responses of {@code …/start-policy}.
 *
 * @param source owner of the policy: {@code instance}, {@code project}, or {@code none} if none is set
 * @param document the policy
 * @param setBy id of the access key that set the policy, or null
 * @param setAt when the policy was set, or null
 * @param version version of the requested project's or instance's own policy; every change raises it, 0 if it never had
 *     one. In quotes it is the ETag
 */
public record StartPolicyView(
        String source,
        StartPolicyDocument document,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
