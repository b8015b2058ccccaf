package io.keysweep.api;

import java.util.List;

/**
 * Body of {@code POST /api/v1/projects/{id}/access-keys}.
 *
 * @param actions IAM names of what the key may do, one at least, each something that the caller may do; {@code *} is
 *     everything
 */
public record AccessKeyRegistration(List<String> actions) {}
