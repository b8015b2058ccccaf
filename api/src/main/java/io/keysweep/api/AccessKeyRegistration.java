package io.keysweep.api;

import java.util.List;

/**
 * Describes the access key that {@code POST /api/v1/projects/{id}/access-keys} must create; this is the request body.
 *
 * <p>An access key identifies a caller of the APIs. An action is a permission.
 *
 * @param actions IAM names of the actions that the key permits, such as {@code dcs:instance:list}; at least one. The
 *     name {@code *} permits every action. The caller must have each of the actions itself
 */
public record AccessKeyRegistration(List<String> actions) {}
