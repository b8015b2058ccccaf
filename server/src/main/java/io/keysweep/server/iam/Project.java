package io.keysweep.server.iam;

import java.time.Instant;

/**
 * A project: the owner of instances, and what keeps tenants apart.
 *
 * @param id 32 hex characters
 * @param name unique
 * @param createdAt when it was made
 * @param version raised by every renaming
 */
record Project(String id, String name, Instant createdAt, int version) {}
