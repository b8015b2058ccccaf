package io.keysweep.api;

import java.util.List;

/**
 * Holds the request body of {@code POST /api/v1/projects/{id}/access-keys}, which creates an access key.
 *
 * @param actions IAM names of what the key may do, at least one; the caller must have each of them. {@code *} permits
 *     everything
 */
public record AccessKeyRegistration(List<String> actions) {}
