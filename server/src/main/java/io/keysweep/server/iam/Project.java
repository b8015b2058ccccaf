package io.keysweep.server.iam;

import java.time.Instant;

/**
 * A project owns instances and access keys, and does not see those of other projects.
 *
 * @param id 32 hex characters
 * @param name unique name
 * @param createdAt when the project was created
 * @param version number that every renaming raises by 1
 */
record Project(String id, String name, Instant createdAt, int version) {}
