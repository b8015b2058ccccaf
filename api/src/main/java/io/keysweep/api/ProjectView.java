package io.keysweep.api;

import java.time.Instant;

/**
 * A project as {@code /api/v1/projects} shows it.
 *
 * @param id 32 hex characters
 * @param name unique
 * @param createdAt when it was made
 */
public record ProjectView(String id, String name, Instant createdAt) {}
