package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports the start policy that applies to a project or an instance; the requests to {@code …/start-policy} return it.
 *
 * <p>A start policy says when an automatic scan is worth its cost, and which events besides the schedule start one,
 * such as a server that is low on memory.
 *
 * @param source whose policy applies: {@code instance}; {@code project} if the instance has no policy of its own;
 *     {@code none} if neither has a policy
 * @param document the policy; an empty document if no policy is set
 * @param setBy id of the access key that set the policy; null if none is set
 * @param setAt when the policy was set; null if none is set
 * @param version version of the own policy of the requested project or instance, even if another policy applies; 0 if
 *     it never had one. Every change raises it. The ETag is this number in quotes
 */
public record StartPolicyView(
        String source,
        StartPolicyDocument document,
        @Nullable String setBy,
        @Nullable Instant setAt,
        int version) {}
