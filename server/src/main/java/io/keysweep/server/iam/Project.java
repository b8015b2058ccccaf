package io.keysweep.server.iam;

import java.time.Instant;

/**
 * A project owns instances and access keys; its access keys cannot see the instances of other projects.
 *
 * @param id id of the project, 32 hex characters
 * @param name name of the project, unique in the service
 * @param createdAt when the project was created
 * @param version version of the project, which every renaming raises by 1; clients see it as the ETag
 */
public record Project(String id, String name, Instant createdAt, int version) {}
