package io.keysweep.api;

import java.time.Instant;

/**
 * Represents a project in responses of {@code /api/v1/projects}.
 *
 * @param id 32 hex characters
 * @param name unique name
 * @param createdAt when the project was created
 * @param version version of the project; every renaming raises it. In quotes it is the ETag
 */
public record ProjectView(String id, String name, Instant createdAt, int version) {}
