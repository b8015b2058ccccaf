package io.keysweep.api;

import java.time.Instant;

/**
 * A project as {@code /api/v1/projects} shows it.
 *
 * @param id 32 hex characters
 * @param name unique
 * @param createdAt when it was made
 * @param version raised by every renaming; in quotes it is the ETag
 */
public record ProjectView(String id, String name, Instant createdAt, int version) {}
