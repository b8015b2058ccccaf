package io.keysweep.server.iam;

/**
 * Announces, inside the transaction, that a project will be deleted.
 *
 * <p>A feature listens to this event if no foreign key deletes its data of the project, such as a hold. If a listener
 * throws an exception, the project is not deleted.
 *
 * @param projectId id of the project
 */
public record ProjectDeleted(String projectId) {}
