package io.keysweep.api;

import java.time.Instant;

/**
 * Describes a project, which owns instances and access keys; the requests under {@code /api/v1/projects} return it.
 *
 * @param id id of the project, 32 hex characters
 * @param name name of the project, unique in the service
 * @param createdAt when the project was created
 * @param version version of the project, which every renaming raises. The ETag is this number in quotes
 */
public record ProjectView(String id, String name, Instant createdAt, int version) {}
